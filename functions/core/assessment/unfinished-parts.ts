import { REVOKE_WITHIN } from '../policy/timing.ts';
import { RESTORE_WITHIN } from './assess-waits.ts';
import { isOnWayToEnd } from '../revocation/claims.ts';
import { BELIEVED_AFTER } from '../validity/inactivity-proof.ts';
import type { FindingKind } from '../findings/findings.ts';
import type { Attempt } from '../token/attempt.ts';
import { isDisabled, revocationDueAt } from '../token/disabled.ts';
import { isUnderWay } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';

/** Something of a token that is not over: a state that it waits in. */
export interface Unfinished {
  /** The state and what it is about, in words for people. */
  readonly what: string;
  /** A date in the record: by then it is over, or an open finding says what keeps it. */
  readonly endsAt?: Instant | undefined;
  /** An open finding of the record that tells of it; its command is in the table of endings. */
  readonly finding?: FindingKind | undefined;
}

/** Findings that say why nothing goes on with a token at all. */
export const WHOLE: readonly FindingKind[] = [
  'secret-unusable',
  'rotation-failed',
  'rotation-disabled',
  'secret-deleted',
  'validity-unknown',
  'token-inactive',
];

export const OF_CREDENTIAL: readonly FindingKind[] = [
  'revocation-due',
  'revocation-blocked',
  'revocation-ineffective',
  'credential-unmanaged',
  'previous-credential-in-use',
  'credential-orphaned',
  'rollback-failed',
];

/** `of`: the kinds of findings that tell of the state, and whom of the token they are about. */
export function stateOf(
  token: Token,
  what: string,
  endsAt: Instant | undefined,
  of: { kinds: readonly FindingKind[]; subject?: string },
): Unfinished {
  const { kinds, subject = '' } = of;
  const open = token.findings.filter((one) => one.state === 'open');
  const own =
    open.find((one) => kinds.includes(one.kind) && one.subject === subject) ??
    open.find((one) => WHOLE.includes(one.kind));
  return { what, endsAt, finding: own?.kind };
}

export function ofAttempt(token: Token, one: Attempt): Unfinished[] {
  if (isUnderWay(one))
    return [
      stateOf(
        token,
        `the rotation ${one.id}, which is ${one.state}`,
        Math.max(one.deadline, one.leaseUntil ?? 0),
        { kinds: ['rotation-stuck'] },
      ),
    ];
  if (one.tidy === true) return [];
  return [
    stateOf(token, `what the rotation ${one.id} made`, one.endedAt ?? one.deadline, {
      kinds: ['rotation-stuck'],
    }),
  ];
}

export function ofCredential(token: Token, one: Credential): Unfinished[] {
  const state = (what: string, endsAt: Instant | undefined): Unfinished[] => [
    stateOf(token, `the credential ${one.handle ?? one.id}, which is ${what}`, endsAt, {
      kinds: OF_CREDENTIAL,
      subject: one.handle ?? one.id,
    }),
  ];
  if (isOnWayToEnd(one) && one.revokedAt !== undefined && one.absent !== undefined)
    return state(
      'revoked, and verified when lists leave it out for long enough',
      one.revokedAt + BELIEVED_AFTER,
    );
  if (isOnWayToEnd(one))
    return state(
      isDisabled(one) ? 'disabled, and to be revoked' : 'to be revoked',
      revocationDueAt(token, one) + REVOKE_WITHIN,
    );
  switch (one.state) {
    case 'previous':
      return state('in grace', (one.supersededAt ?? token.enrolledAt) + token.policy.maxGrace);
    case 'rolling-back':
      return state(
        'to become current again',
        (one.revocationBegunAt ?? one.supersededAt ?? token.enrolledAt) + RESTORE_WITHIN,
      );
    case 'current':
    case 'revoking':
    case 'ended':
      return [];
  }
}
