import { assessmentTimes } from './assess.ts';
import type { Facts } from './assess-rotation.ts';
import { isEnded, isRetiring } from '../token/retirement.ts';
import { skewOf } from '../issuer/issuer-clock.ts';
import { latestEnd } from '../validity/expiry.ts';
import { inspectionOf, type Inspection } from '../rotation/inspections.ts';
import { lookDueAt } from '../revocation/disable-first.ts';
import { forcedRevocationOf } from '../revocation/forced-revocations.ts';
import { returnWish } from '../rotation/failed-rollbacks.ts';
import { graceEnds, nextRotation, type Rotation } from '../rotation/next-rotation.ts';
import { pendingDeliveryAt } from '../delivery/deliveries.ts';
import type { Attempt } from '../token/attempt.ts';
import { isUnderWay } from '../token/lookups.ts';
import { liveCredentials } from '../token/known-credentials.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';

export type Action =
  | ({ readonly kind: 'rotate' } & Rotation)
  | { readonly kind: 'settle'; readonly at: Instant; readonly attemptId: string }
  | { readonly kind: 'retire'; readonly at: Instant; readonly credentialId: string }
  | { readonly kind: 'rollback'; readonly at: Instant; readonly credentialId: string }
  | { readonly kind: 'deliver'; readonly at: Instant; readonly consumer: string }
  | ({ readonly kind: 'inspect' } & Inspection)
  | { readonly kind: 'tell'; readonly at: Instant };

/**
 * Everything a token will need, with the time of each; without a provider nothing can be done. Pure; one list
 * decides what the sweep does and when it looks again. `now` matters only for what has to wait for a window.
 */
export function agenda(token: Token, facts: Facts | undefined, now: Instant): Action[] {
  const telling: Action[] = token.outbox.length > 0 ? [{ kind: 'tell', at: 0 }] : [];
  if (!facts) return telling;
  if (token.detachedAt !== undefined)
    return [...telling, ...watchingGone(token), ...(isEnded(token) ? askingAgain(token) : [])];
  const rotation = nextRotation(token, facts, now);
  const back = returnWish(token, facts, now);
  return [
    ...telling,
    ...token.attempts.flatMap(settling),
    ...askingAgain(token),
    ...(token.deletion === undefined || isRetiring(token) ? [] : watchingGone(token)),
    ...token.credentials.flatMap((one): Action[] => {
      if (token.deletion !== undefined && !isRetiring(token)) return [];
      if (one.state === 'previous')
        return [
          {
            kind: 'retire',
            at: Math.max(
              Math.min(graceEnds(token, one), latestEnd(one, facts, skewOf(token, now))),
              one.lookAt ?? 0,
            ),
            credentialId: one.id,
          },
        ];
      if (one.state === 'revoking')
        return [{ kind: 'retire', at: lookDueAt(token, one, facts, now), credentialId: one.id }];
      if (one.state === 'current') return ordered(token, one);
      return one.state === 'rolling-back'
        ? [{ kind: 'rollback', at: one.lookAt ?? 0, credentialId: one.id }]
        : [];
    }),
    ...(token.consumers ?? []).flatMap((one): Action[] => {
      const at = pendingDeliveryAt(token, one);
      return at === undefined ? [] : [{ kind: 'deliver', at, consumer: one.name }];
    }),
    ...(isRetiring(token) && token.deletion !== undefined
      ? []
      : [{ kind: 'inspect', ...inspectionOf(token) } satisfies Action]),
    ...(back ? [{ kind: 'rollback', at: back.at, credentialId: back.to.id } satisfies Action] : []),
    ...(rotation ? [{ kind: 'rotate', ...rotation } satisfies Action] : []),
  ];
}

/**
 * What stays active although its secret is gone, or about to be, may end by itself: at its issuer, or by its
 * own date.
 */
function watchingGone(token: Token): Action[] {
  if (token.deletion === undefined || token.ending !== undefined) return [];
  return liveCredentials(token).map((one) => ({ kind: 'retire', at: one.lookAt ?? 0, credentialId: one.id }));
}

/** Leaked credentials whose revocation was verified are checked once more, and again. */
function askingAgain(token: Token): Action[] {
  return token.credentials.flatMap((one): Action[] =>
    one.state === 'ended' && one.askAgain
      ? [{ kind: 'retire', at: one.askAgain.at, credentialId: one.id }]
      : [],
  );
}

/** A current credential is revoked only by an order of its policy, which may lie ahead. */
function ordered(token: Token, one: Credential): Action[] {
  const order = forcedRevocationOf(token, one);
  return order ? [{ kind: 'retire', at: Math.max(order.at, one.lookAt ?? 0), credentialId: one.id }] : [];
}

function settling(attempt: Attempt): Action[] {
  if (!isUnderWay(attempt))
    return attempt.tidy === true ? [] : [{ kind: 'settle', at: attempt.endedAt ?? 0, attemptId: attempt.id }];
  const over =
    attempt.inactive === true || attempt.state === 'aborting' ? attempt.openedAt : attempt.deadline;
  return [{ kind: 'settle', at: Math.max(over, attempt.leaseUntil ?? 0), attemptId: attempt.id }];
}

/** What is due now, in the order in which it should be done. */
export function plan(token: Token, facts: Facts | undefined, now: Instant): Action[] {
  return agenda(token, facts, now).filter((action) => action.at <= now);
}

/**
 * When the sweep has to look at a token again: the earliest action, or the earliest moment at which a finding
 * may open. Starts of rotations have a line of their own.
 */
export function dueAtOf(token: Token, facts: Facts | undefined, now: Instant): Instant | undefined {
  const acts = agenda(token, facts, now).flatMap((action) => (action.kind === 'rotate' ? [] : [action.at]));
  const changes =
    token.detachedAt === undefined ? assessmentTimes(token, facts).filter((at) => at > now) : [];
  const first = Math.min(...acts, ...changes);
  return Number.isFinite(first) ? Math.max(first, token.restUntil ?? 0) : undefined;
}

/**
 * From when the next rotation may start; it then waits in line, however long, without keeping the sweep from
 * what else the token needs.
 */
export function startAtOf(token: Token, facts: Facts | undefined, now: Instant): Instant | undefined {
  return agenda(token, facts, now).find((action) => action.kind === 'rotate')?.at;
}
