import type { Sandbox } from '../index.ts';
import { accessLines } from '../runtime/environment.ts';
import type { Tone } from './display.ts';

interface Line {
  readonly text: string;
  readonly tone?: Tone;
}

/**
 * What to try in a sandbox that runs on, and how the AWS CLI and SDKs reach it. `flag` names it to
 * `keyturn`.
 */
export function invitation(sandbox: Sandbox, flag: string): readonly Line[] {
  return [
    { text: '' },
    {
      text: `The sandbox runs on at ${sandbox.endpoint}, in real time. Stop it with Ctrl-C.`,
      tone: 'strong',
    },
    { text: 'In another window, in this folder:' },
    { text: `  npx --no keyturn status ${flag}` },
    { text: `  npx --no keyturn history ci/npm-publish ${flag}` },
    { text: `  npx --no keyturn rotate checkout/okta-client --wait ${flag}` },
    { text: `  npx --no keyturn sandbox advance 1d ${flag}` },
    { text: '' },
    ...accessLines(sandbox).map((text) => ({ text })),
    { text: '' },
    { text: 'What happens from now on:', tone: 'strong' },
  ];
}
