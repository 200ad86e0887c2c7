import type { Sandbox } from '../index.ts';
import { environmentFor } from '../runtime/environment.ts';
import type { Tone } from './display.ts';

interface Line {
  readonly text: string;
  readonly tone?: Tone;
}

/** What to try in a sandbox that runs on, and how the AWS CLI and SDKs reach it. `flag` names it to `keyturn`. */
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
    ...accessLines(sandbox),
    { text: '' },
    { text: 'What happens from now on:', tone: 'strong' },
  ];
}

/** The environments of an operator and of a reader. */
export function accessLines(sandbox: Pick<Sandbox, 'operate' | 'read'>): readonly Line[] {
  const operator = Object.entries(environmentFor(sandbox.operate()));
  const reader = Object.entries(environmentFor(sandbox.read()));
  const known = new Map(operator);
  const own = reader.filter(([name, value]) => known.get(name) !== value);
  return [
    { text: '' },
    { text: 'The AWS CLI and SDKs use it as an operator, who cannot read values, with:' },
    ...operator.map(([name, value]) => ({ text: `  export ${name}=${value}` })),
    { text: 'and as a reader, such as a consumer, with these instead:' },
    ...own.map(([name, value]) => ({ text: `  export ${name}=${value}` })),
  ];
}
