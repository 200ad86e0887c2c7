import type { ErrorCode } from '../basics/error-rules.ts';
import type { FindingKind } from '../findings/findings.ts';

/**
 * Refusals that no state keeps: they are the answer to a call, and what follows from them is a finding of
 * another name.
 */
type Answered =
  | 'rotation-aborted'
  | 'rotation-in-progress'
  | 'conflict'
  | 'not-found'
  | 'bad-request'
  | 'provider-unknown'
  | 'record-invalid'
  | 'tag-missing'
  | 'tag-invalid'
  | 'version-unknown'
  | 'not-visible-yet';

/**
 * For every other code: the kind of finding that reports a state which waits for its cause, and so how it
 * ends. A code without its finding does not compile.
 */
export const TOLD_AS = {
  'not-rotatable': 'secret-unusable',
  'rotation-disabled': 'rotation-disabled',
  'secret-invalid': 'secret-unusable',
  'secret-unreadable': 'secret-unusable',
  'admin-invalid': 'rotation-failed',
  'admin-missing': 'rotation-failed',
  'admin-credential-rejected': 'admin-credential-unusable',
  'host-unconfirmed': 'rotation-failed',
  'not-granted': 'rotation-failed',
  'delivery-disabled': 'delivery-failed',
  'delivery-invalid': 'delivery-failed',
  'delivery-unconfirmed': 'delivery-failed',
  'issuer-unreachable': 'validity-unknown',
  'issuer-throttled': 'validity-unknown',
  'issuer-refused': 'rotation-failed',
  'issuer-response-invalid': 'rotation-failed',
  'credential-limit-reached': 'credential-limit-reached',
  'principal-shared': 'rotation-failed',
  'credential-not-active-yet': 'rotation-failed',
  'new-credential-rejected': 'rotation-failed',
  'submission-refused': 'rotation-failed',
  'overlap-missing': 'rotation-failed',
  'still-needed': 'rotation-failed',
  'not-stored': 'rotation-failed',
  'aws-failed': 'rotation-failed',
} as const satisfies Record<Exclude<ErrorCode, Answered>, FindingKind>;
