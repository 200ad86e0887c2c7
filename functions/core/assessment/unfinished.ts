import { WAIT_TOLD_AFTER } from './assess-waits.ts';
import { PROOF_WITHIN, pendingDeliveryOf } from '../delivery/deliveries.ts';
import { isRetiring } from '../token/retirement.ts';
import { incidentsOf, isOpen } from '../incidents/incidents.ts';
import { containBy } from '../revocation/forced-revocations.ts';
import { liveCredentials } from '../token/known-credentials.ts';
import type { Token } from '../token/token.ts';
import { DAY, type Instant, type Millis } from '../basics/time.ts';
import {
  type Unfinished,
  WHOLE,
  OF_CREDENTIAL,
  stateOf,
  ofAttempt,
  ofCredential,
} from './unfinished-parts.ts';

/** A state may last so long beyond its date before it counts as one that nothing ends. */
export const END_SLACK: Millis = 2 * DAY;

/**
 * Every state of a record that is not over, each with the date in the record by which it is, or with the open
 * finding that tells of it. Pure. Of a token that a person let go, or whose secret is not registered any
 * more, only what is still to be told counts: nothing is planned for it.
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

/**
 * What neither lies ahead, its slack included, nor has an open finding: a state that nothing would ever end.
 * Empty for every correct record.
 */
export function silentIn(token: Token, now: Instant): Unfinished[] {
  return unfinished(token).filter(
    (one) => one.finding === undefined && (one.endsAt === undefined || one.endsAt + END_SLACK < now),
  );
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
