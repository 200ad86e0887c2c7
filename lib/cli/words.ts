import { STUCK_AFTER } from '../../functions/core/assess.ts';
import { behindBy, knownClock } from '../../functions/core/clocks.ts';
import type { ProviderDescriptor } from '../../functions/core/provider.ts';
import { gateOf } from '../../functions/core/hold.ts';
import { nextRotation, rotationWish, type Rotation } from '../../functions/core/schedule.ts';
import { DAY, HOUR, MINUTE, SECOND, type Instant, type Millis } from '../../functions/core/time.ts';
import type { Cause } from '../../functions/core/attempt.ts';
import { currentOf, openAttempt, type Token } from '../../functions/core/token.ts';
import type { Tone } from './screen.ts';

/** The state of a token in one word or two, worst first: the order is the order of `keyturn status`. */
export const STATES = {
  refused: { tone: 'bad', meaning: 'the issuer refuses the current credential' },
  expired: { tone: 'bad', meaning: 'the current credential has expired' },
  unusable: { tone: 'bad', meaning: 'the secret cannot be managed as it is' },
  failing: { tone: 'bad', meaning: 'the last rotation failed' },
  stuck: { tone: 'bad', meaning: 'a rotation does not end' },
  new: { tone: 'warn', meaning: 'it has no credential yet' },
  rotating: { tone: 'warn', meaning: 'a rotation is under way' },
  restoring: { tone: 'warn', meaning: 'a rollback is under way' },
  retiring: { tone: 'warn', meaning: 'an old credential is being revoked and proven dead' },
  'in grace': { tone: 'good', meaning: 'an old credential still works while its consumers move' },
  ok: { tone: 'good', meaning: 'one credential, and it works' },
  ending: { tone: 'warn', meaning: 'a person ended it; its credentials are being killed and proven dead' },
  retired: { tone: 'dim', meaning: 'a person ended it, and no credential of it lives' },
  detached: { tone: 'dim', meaning: 'its secret is gone or no longer registered' },
} as const satisfies Record<string, { tone: Tone; meaning: string }>;
export type State = keyof typeof STATES;

/** How bad a state is: 0 is worst. */
export function stateRank(state: State): number {
  return Object.keys(STATES).indexOf(state);
}

export function stateOf(token: Token, now: Instant): State {
  if (token.ending?.kind === 'retire') return token.ending.endedAt === undefined ? 'ending' : 'retired';
  if (token.detachedAt !== undefined) return 'detached';
  const current = currentOf(token);
  const attempt = openAttempt(token);
  if (token.refusedSince !== undefined) return 'refused';
  if (current?.expiresAt !== undefined && current.expiresAt + behindBy(knownClock(token, now)) <= now) return 'expired';
  if (token.unusable !== undefined) return 'unusable';
  if (token.failures > 0) return 'failing';
  if (attempt) return now >= attempt.deadline + STUCK_AFTER ? 'stuck' : 'rotating';
  if (!current) return 'new';
  const states = new Set(token.generations.map((one) => one.state));
  if (states.has('restoring')) return 'restoring';
  if (states.has('revoking')) return 'retiring';
  return states.has('previous') ? 'in grace' : 'ok';
}

/** When the next rotation comes, or why there is no time for it. */
export type NextRotation = { readonly kind: 'at'; readonly at: Instant; readonly cause: Cause; readonly waitsFor: string | undefined } | { readonly kind: 'under way' | 'waiting' | 'none' };

export function nextRotationOf(token: Token, facts: ProviderDescriptor | undefined, now: Instant): NextRotation {
  if (token.detachedAt !== undefined || token.unusable !== undefined || !facts) return { kind: 'none' };
  if (openAttempt(token)) return { kind: 'under way' };
  const next = nextRotation(token, facts, now);
  if (next && isShut(token, next) && next.wishedAt <= now) return { kind: 'waiting' };
  if (next) return { kind: 'at', at: isShut(token, next) ? next.wishedAt : next.at, cause: next.cause, waitsFor: next.waitsFor };
  return { kind: rotationWish(token) ? 'waiting' : 'none' };
}

/** Whether it waits for another token: nobody can say until when. */
function isShut(token: Token, next: Rotation): boolean {
  return next.waitsFor !== undefined && gateOf(token).opensAt === Infinity;
}

export const CAUSES: Record<Cause, string> = {
  due: 'its interval is over',
  expiry: 'it would expire soon',
  first: 'it has no credential yet',
  dead: 'the one before was refused by its issuer',
  operator: 'a person asked',
  console: 'started outside of Keyturn',
  retry: 'the one before failed',
  incident: 'a credential leaked',
};

/** A length of time as people say it, in its largest unit: `3d`, `5h`, `12m`, `40s`. */
export function briefly(length: Millis): string {
  const units: [string, Millis][] = [['d', DAY], ['h', HOUR], ['m', MINUTE], ['s', SECOND]];
  const [unit, size] = units.find(([, size]) => length >= 2 * size) ?? ['s', SECOND];
  return `${Math.max(0, Math.floor(length / size))}${unit}`;
}

/** How long until a point in time, or since it. */
export function fromNow(at: Instant, now: Instant): string {
  return at > now ? `in ${briefly(at - now)}` : `${briefly(now - at)} ago`;
}

/** `1 token`, `2 tokens`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
