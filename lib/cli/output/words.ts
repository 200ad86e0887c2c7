import { STUCK_AFTER } from '../../../functions/core/assessment/assess-rotation.ts';
import { behindBy, knownClock } from '../../../functions/core/issuer/issuer-clock.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { upstreamHold } from '../../../functions/core/rotation/deferral.ts';
import { nextRotation, rotationWish, type Rotation } from '../../../functions/core/rotation/next-rotation.ts';
import { DAY, HOUR, MINUTE, SECOND, type Instant, type Millis } from '../../../functions/core/basics/time.ts';
import type { Cause } from '../../../functions/core/token/attempt.ts';
import { currentOf, openAttempt } from '../../../functions/core/token/lookups.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { Tone } from './screen.ts';

/** The state of a token in one word or two, worst first: the order is the order of `keyturn status`. */
export const STATES = {
  rejected: { tone: 'bad', meaning: 'the issuer rejects the current credential' },
  expired: { tone: 'bad', meaning: 'the current credential has expired' },
  'secret unusable': { tone: 'bad', meaning: 'Keyturn cannot rotate this secret as it is' },
  'rotation failed': { tone: 'bad', meaning: 'the last rotation failed' },
  'rotation stuck': { tone: 'bad', meaning: 'a rotation has not ended in its time' },
  'no credential yet': { tone: 'warn', meaning: 'the first rotation makes one' },
  rotating: { tone: 'warn', meaning: 'a rotation is under way' },
  'rolling back': { tone: 'warn', meaning: 'a rollback is under way' },
  revoking: { tone: 'warn', meaning: 'an old credential is being revoked' },
  'in grace period': { tone: 'good', meaning: 'the previous credential is kept for its grace period' },
  ok: { tone: 'good', meaning: 'it has one credential, and nothing is under way' },
  retiring: { tone: 'warn', meaning: 'a person retired it; its credentials are being revoked' },
  retired: { tone: 'dim', meaning: 'a person retired it; every credential of it is revoked' },
  detached: { tone: 'dim', meaning: 'Keyturn does not manage it' },
} as const satisfies Record<string, { tone: Tone; meaning: string }>;
export type State = keyof typeof STATES;

/** How bad a state is: 0 is worst. */
export function stateRank(state: State): number {
  return Object.keys(STATES).indexOf(state);
}

export function stateOf(token: Token, now: Instant): State {
  if (token.ending?.kind === 'retire') return token.ending.endedAt === undefined ? 'retiring' : 'retired';
  if (token.detachedAt !== undefined) return 'detached';
  const current = currentOf(token);
  const attempt = openAttempt(token);
  if (token.refusedSince !== undefined) return 'rejected';
  if (current?.expiresAt !== undefined && current.expiresAt + behindBy(knownClock(token, now)) <= now)
    return 'expired';
  if (token.unusable !== undefined) return 'secret unusable';
  if (token.failures > 0) return 'rotation failed';
  if (attempt) return now >= attempt.deadline + STUCK_AFTER ? 'rotation stuck' : 'rotating';
  if (!current) return 'no credential yet';
  const states = new Set(token.credentials.map((one) => one.state));
  if (states.has('rolling-back')) return 'rolling back';
  if (states.has('revoking')) return 'revoking';
  return states.has('previous') ? 'in grace period' : 'ok';
}

/** When the next rotation comes, or why there is no time for it. */
export type NextRotation =
  | {
      readonly kind: 'at';
      readonly at: Instant;
      readonly cause: Cause;
      readonly waitsFor: string | undefined;
    }
  | { readonly kind: 'under way' | 'waiting' | 'none' };

export function nextRotationOf(
  token: Token,
  facts: ProviderDescriptor | undefined,
  now: Instant,
): NextRotation {
  if (token.detachedAt !== undefined || token.unusable !== undefined || !facts) return { kind: 'none' };
  if (openAttempt(token)) return { kind: 'under way' };
  const next = nextRotation(token, facts, now);
  if (next && isShut(token, next) && next.wishedAt <= now) return { kind: 'waiting' };
  if (next)
    return {
      kind: 'at',
      at: isShut(token, next) ? next.wishedAt : next.at,
      cause: next.cause,
      waitsFor: next.waitsFor,
    };
  return { kind: rotationWish(token) ? 'waiting' : 'none' };
}

/** Whether it waits for another token, with no time for its end. */
function isShut(token: Token, next: Rotation): boolean {
  return next.waitsFor !== undefined && upstreamHold(token).opensAt === Infinity;
}

export const CAUSES: Record<Cause, string> = {
  due: 'its interval is over',
  expiry: 'it will expire soon',
  first: 'it has no credential yet',
  inactive: 'the issuer rejected the one before',
  operator: 'a person asked',
  console: 'started outside of Keyturn',
  retry: 'the one before failed',
  incident: 'a credential leaked',
};

/** A length of time as people say it, in its largest unit: `3d`, `5h`, `12m`, `40s`. */
export function briefly(length: Millis): string {
  const units: [string, Millis][] = [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
  ];
  const [unit, size] = units.find(([, size]) => length >= 2 * size) ?? ['s', SECOND];
  return `${Math.max(0, Math.floor(length / size))}${unit}`;
}

/** How long until a point in time, or since it. */
export function fromNow(at: Instant, now: Instant): string {
  return at > now ? `in ${briefly(at - now)}` : `${briefly(now - at)} ago`;
}
