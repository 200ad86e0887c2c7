import type { Instant } from '../../../functions/core/basics/time.ts';
import type { SettingsInput } from '../../infra/settings.ts';
import type { AwsOptions } from '../aws/aws.ts';
import type { Clock } from '../clock.ts';
import type { Issuer } from '../issuers/simulator.ts';
import type { Assembly } from './assembly.ts';
import type { OnStep } from './steps.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const DEFAULT_FOLDER = '.keyturn/sandbox';
export const PAGER_HOST = 'events.pagerduty.test';
export const PAGER_SECRET = 'keyturn/pager';

/** What the stack is deployed with in the sandbox. */
export const SANDBOX_SETTINGS = {
  installation: 'main',
  // A second registry is there wherever a simulated one stands beside the real one.
  issuers: {
    gitlab: { allowedHosts: ['gitlab.keyturn.test'] },
    okta: { allowedHosts: ['okta.keyturn.test'] },
    'npm-registry': { allowedHosts: ['npm.keyturn.test', 'npm-simulated.keyturn.test'] },
  },
  // Nothing is revoked before a whole pass: in a sandbox people wait for it.
  reconcileInterval: '30m',
  alerts: { emails: ['team@keyturn.test'], digest: 'off', escalateAfter: 'off' },
  pager: { secretName: PAGER_SECRET, url: `https://${PAGER_HOST}/v2/enqueue` },
} satisfies SettingsInput;

export interface SandboxOptions {
  /** Where mails, logs and `sandbox.json` go. */
  readonly folder?: string;
  /** Port on 127.0.0.1; by default a free one. */
  readonly port?: number;
  /** The virtual time it begins at; by default the full minute that is now. */
  readonly start?: Instant;
  /** Settings of the stack, over {@link SANDBOX_SETTINGS}. */
  readonly settings?: Partial<Omit<SettingsInput, 'pager'>>;
  /** The issuers to run; by default one for each provider. */
  readonly issuers?: (tools: {
    readonly clock: Clock;
    readonly folder: string;
  }) => Promise<readonly Issuer[]>;
  /** Other hosts of the outside world, which functions reach by https. */
  readonly hosts?: ReadonlyMap<string, (request: Request) => Promise<Response>>;
  /** Secrets granted a credential, by provider; more with `grant`. */
  readonly grants?: Readonly<Record<string, readonly string[]>>;
  /** The assembly to run; by default bin/app.ts is synthesised with the settings. */
  readonly assembly?: Assembly;
  /** Gives a start up: what was begun is taken away, and the promise rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Take everything away from the folder on close; else mails and logs stay. */
  readonly removeOnClose?: boolean;
  /** Told how the start goes on. */
  readonly onStep?: OnStep;
  /** What AWS leaves open, or answers late: see docs/sandbox.md. */
  readonly aws?: Pick<AwsOptions, 'rotation' | 'staleReads'>;
  /** Told of every call of AWS; throwing an AwsError makes it fail. */
  readonly onCall?: AwsOptions['onCall'];
}
