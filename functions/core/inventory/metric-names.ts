/** Where metrics are. Names are shared by what counts, what watches and what draws. */
export const NAMESPACE = 'Keyturn';

/**
 * What tells when its work is done: where nothing is told for long, an alarm is. `canary` is the way of
 * findings, which tells as long as canaries arrive.
 */
const PARTS = ['sweep', 'alert', 'measure', 'canary'] as const;
export type Part = (typeof PARTS)[number];

/** The metric of a part that has done its work; the dimension `part` says which. */
export const HEARTBEAT = 'Heartbeat';

/** The value of the dimension `service`, by which installations in one account are told apart. */
export function serviceOf(installation: string): string {
  return `keyturn-${installation}`;
}

/**
 * What is counted as it happens, by provider: a dimension for each token would cost more than everything
 * else.
 */
export const COUNTS = [
  'RotationsSucceeded',
  'RotationsFailed',
  'CredentialsRevoked',
  'FindingsOpened',
] as const;

/**
 * How long answers to leaks took, in seconds, by provider: from exposure, where that is known, to report, and
 * from report to containment and replacement.
 */
export const TIMES = ['TimeToDetect', 'TimeToContain', 'TimeToReplace'] as const;

/** How tokens are as a whole, by provider, looked at every few hours. */
export const GAUGES = [
  'Tokens',
  'CredentialAgeDays',
  'CredentialLifetimeDays',
  'TokensExpiring',
  'TokensOverdue',
  'TokensUnused',
  'LeastPrivilegePercent',
  'ConsumersPending',
  'FindingsCritical',
  'FindingsWarning',
] as const;

export type CountName = (typeof COUNTS)[number];
export type TimeName = (typeof TIMES)[number];
export type Gauge = (typeof GAUGES)[number];
