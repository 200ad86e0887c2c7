import { REVOKE_WITHIN } from './assess-credentials.ts';
import { RESTORE_WITHIN, WAIT_TOLD_AFTER } from './assess-waits.ts';
import { isOnWayToEnd } from '../revocation/claims.ts';
import { BELIEVED_AFTER } from '../validity/inactivity-proof.ts';
import { PROOF_WITHIN, pendingDeliveryOf } from '../delivery/deliveries.ts';
import { isRetiring } from '../token/retirement.ts';
import type { FindingKind } from '../findings/findings.ts';
import { incidentsOf, isOpen } from '../incidents/incidents.ts';
import { containBy } from '../revocation/forced-revocations.ts';
import type { Attempt } from '../token/attempt.ts';
import { isUnderWay } from '../token/lookups.ts';
import { liveCredentials } from '../token/known-credentials.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { DAY, type Instant, type Millis } from '../basics/time.ts';

/** Something of a token that is not over: a state that it waits in. */
export interface Unfinished {
  /** The state and what it is about, in words for people. */
  readonly what: string;
  /** A date in the record: by then it is over, or an open finding says what keeps it. */
  readonly endsAt?: Instant | undefined;
  /** An open finding of the record that tells of it; its command is in the table of endings. */
  readonly finding?: FindingKind | undefined;
}

/** A state may last so long beyond its date before it counts as one that nothing ends. */
export const END_SLACK: Millis = 2 * DAY;

/** Findings that say why nothing goes on with a token at all. */
const WHOLE: readonly FindingKind[] = [
  'secret-unusable',
  'rotation-failed',
  'rotation-disabled',
  'secret-deleted',
  'validity-unknown',
  'token-inactive',
];
const OF_CREDENTIAL: readonly FindingKind[] = [
  'revocation-blocked',
  'revocation-ineffective',
  'credential-unmanaged',
  'previous-credential-in-use',
  'credential-orphaned',
  'rollback-failed',
];

/**
 * Every state of a record that is not over, each with the date in the record by which it is, or with the open finding that tells of it. Pure.
 * Of a token that a person let go, or whose secret is not registered any more, only what is still to be told counts: nothing is planned for it.
 */
export function unfinished(token: Token): Unfinished[] {
  const telling =
    token.outbox.length === 0
      ? []
      : [{ what: 'facts that are not told', endsAt: Math.max(...token.outbox.map((one) => one.at)) }];
  if (token.detachedAt !== undefined) return [...telling, ...deleted(token)];
  return [
    ...telling,
    ...deleted(token),
    ...token.attempts.flatMap((one) => ofAttempt(token, one)),
    ...token.credentials.flatMap((one) => ofCredential(token, one)),
    ...token.suspects.map(({ handle, seenAt }) =>
      stateOf(token, `the credential ${handle}, which looks lost`, seenAt, {
        kinds: ['credential-orphaned'],
        subject: handle,
      }),
    ),
    ...(isRetiring(token) ? [] : incidentsOf(token)).filter(isOpen).map((one) =>
      stateOf(token, `the leak ${one.id}`, containBy(token, one), {
        kinds: ['credential-leaked', 'leak-not-contained'],
        subject: one.id,
      }),
    ),
    ...(token.consumers ?? []).flatMap((one) => {
      const delivery = pendingDeliveryOf(token, one)?.delivery;
      return delivery
        ? [
            stateOf(
              token,
              `the delivery to ${one.name}`,
              (delivery.sentAt ?? delivery.promotedAt) + PROOF_WITHIN,
              { kinds: ['delivery-failed'], subject: one.name },
            ),
          ]
        : [];
    }),
    ...ofToken(token),
  ];
}

/** What neither lies ahead, its slack included, nor has an open finding: a state that nothing would ever end. Empty for every correct record. */
export function silentIn(token: Token, now: Instant): Unfinished[] {
  return unfinished(token).filter(
    (one) => one.finding === undefined && (one.endsAt === undefined || one.endsAt + END_SLACK < now),
  );
}

/** `of`: the kinds of findings that tell of the state, and whom of the token they are about. */
function stateOf(
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

function ofAttempt(token: Token, one: Attempt): Unfinished[] {
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

function ofCredential(token: Token, one: Credential): Unfinished[] {
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
      'to be revoked',
      (one.endingSince ?? one.revocationBegunAt ?? token.ending?.askedAt ?? token.enrolledAt) + REVOKE_WITHIN,
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

function ofToken(token: Token): Unfinished[] {
  const { unusable, refusedSince, failures, failedAt, ending, rotateRequestedAt } = token;
  if (isRetiring(token)) return [ended(token, ending?.askedAt)];
  // One failure that passes by itself is followed by the next try.
  const hasFailed = failures >= 2 || (failures === 1 && token.lastError?.lasting === true);
  return [
    ...(unusable === undefined
      ? []
      : [stateOf(token, 'a secret that cannot be managed', undefined, { kinds: ['secret-unusable'] })]),
    ...(refusedSince === undefined
      ? []
      : [
          stateOf(token, 'a current value that the issuer refuses', undefined, { kinds: ['token-inactive'] }),
        ]),
    ...(hasFailed
      ? [stateOf(token, 'a rotation that failed', failedAt, { kinds: ['rotation-failed'] })]
      : []),
    ...(rotateRequestedAt === undefined || ending !== undefined
      ? []
      : [
          stateOf(token, 'a rotation that a person asked for', rotateRequestedAt + WAIT_TOLD_AFTER, {
            kinds: ['rotation-stuck', 'credential-limit-reached'],
          }),
        ]),
  ];
}

/** A token that is being ended is explained by what keeps any of its credentials from being revoked. */
function ended(token: Token, askedAt: Instant | undefined): Unfinished {
  const open = token.findings.find(
    (one) => one.state === 'open' && [...OF_CREDENTIAL, ...WHOLE, 'rotation-stuck'].includes(one.kind),
  );
  return { what: 'a token that a person ended', endsAt: askedAt, finding: open?.kind };
}

function deleted(token: Token): Unfinished[] {
  if (token.deletion === undefined || liveCredentials(token).length === 0) return [];
  return [
    stateOf(token, 'a deleted secret whose credential is active', undefined, { kinds: ['secret-deleted'] }),
  ];
}
