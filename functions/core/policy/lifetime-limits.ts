import { SKEW } from '../issuer/issuer-clock.ts';
import { INSPECT_EVERY } from './timing.ts';
import { LONGEST_SWEEP, type Policy } from './policy.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import { LONGEST_BACKOFF, beforeExpiry } from './timing.ts';
import {
  DAY,
  FURTHEST_EAST,
  FURTHEST_WEST,
  MINUTE,
  SECOND,
  type Instant,
  type Millis,
} from '../basics/time.ts';

/** How an issuer keeps expiries, with the cap of a grant where that is known. */
export type Expiry = ProviderDescriptor['expiry'];
type Issuer = Pick<ProviderDescriptor, 'id' | 'expiry'>;

/** From the creation to the label move, and as long again for the next one. */
const ROTATION: Millis = 30 * MINUTE;
/**
 * What may pass between the moment a rotation is due and the next promotion: one sweep, one longest wait
 * after a failure, one inspection, the rotation itself.
 */
export const LONGEST_DELAY: Millis = LONGEST_SWEEP + LONGEST_BACKOFF + INSPECT_EVERY + ROTATION;

/**
 * What a policy asks of the life of a credential, and what an issuer gives in the worst case. All lengths in
 * milliseconds.
 */
export interface LifetimeLimit {
  /** What is asked of the issuer. */
  readonly asked: Millis;
  /** The least that is left of a new credential when it becomes current, by the date on record. */
  readonly least: Millis;
  /** Its rotation is due, and waits for nothing any more, so long after that at the latest. */
  readonly dueAfter: Millis;
  /** How much earlier than on record it may end: by the zone of the issuer and by clocks. */
  readonly early: Millis;
  /** What has to be left of it when its successor is promoted. */
  readonly grace: Millis;
  /** What has to be left of it when its rotation is due: delays, zone and clocks, grace. */
  readonly needed: Millis;
  readonly isKept: boolean;
}

/**
 * Whether credentials last long enough under a policy to be replaced, and each old one its minimum grace. It
 * counts the worst case: shortest lifetime, latest start, every delay. Undefined where the issuer sets no
 * end. Pure.
 */
export function lifetimeLimit(policy: Policy, expiry: Expiry): LifetimeLimit | undefined {
  if (!expiry.settable) return undefined;
  const asked = policy.maxLifetime ?? policy.maxAge;
  const least = Math.min(asked, longestGiven(expiry)) - ROTATION;
  const early = SKEW + (expiry.step === 'day' ? FURTHEST_EAST : 0);
  const grace = graceOf(policy);
  const needed = LONGEST_DELAY + early + grace;
  const dueAfter = latestStart(policy, least);
  return { asked, least, dueAfter, early, grace, needed, isKept: least - dueAfter >= needed };
}

/**
 * What an issuer gives for certain where no more than its cap is asked. A cap in dates counts from a date
 * that may be yesterday's at the issuer, and ends at the beginning of one.
 */
function longestGiven({ maxDays, step }: Expiry): Millis {
  if (maxDays === undefined) return Infinity;
  return maxDays * DAY - (step === 'day' ? DAY + FURTHEST_WEST : SECOND);
}

/** The same lengths as `graceEnds` of the schedule. */
function graceOf({ minGrace, cacheTtl: cache, healthSignals: health, bakeTime: watch }: Policy): Millis {
  return Math.max(minGrace, cache, health.length === 0 ? 0 : watch);
}

/**
 * How long after its promotion the rotation of a credential with so much life left begins at the latest,
 * failures apart.
 */
function latestStart(policy: Policy, left: Millis): Millis {
  const due = Math.min(policy.rotateEvery, beforeExpiry(0, left, policy.rotateBeforeExpiry));
  if (!mayWait(policy)) return due;
  return Math.max(due, Math.min(policy.maxAge, left) - policy.rotateBeforeExpiry / 2);
}

/** Whether a rotation that is due may have to wait for a better hour or for another token. */
export function mayWait({ rotationWindows: windows, freezes, rotateAfter: after }: Policy): boolean {
  return windows.length > 0 || freezes.length > 0 || after !== undefined;
}

/**
 * Until when a new credential is to last: at least as long as the policy says, so up to the next date where
 * the issuer keeps dates. What it gives at most is the provider's to hold to.
 */
export function askedExpiry(at: Instant, policy: Policy, { step }: Pick<Expiry, 'step'>): Instant {
  const end = at + (policy.maxLifetime ?? policy.maxAge);
  return step === 'day' ? Math.ceil(end / DAY) * DAY : end;
}

/**
 * Why a policy cannot be kept at an issuer, with the arithmetic, in one sentence that begins with the field;
 * undefined when it can.
 */
export function unkeepableLifetime(policy: Policy, issuer: Issuer): string | undefined {
  const bound = lifetimeLimit(policy, issuer.expiry);
  if (bound === undefined || bound.isKept) return undefined;
  const wait =
    bound.dueAfter > Math.min(policy.rotateEvery, beforeExpiry(0, bound.least, policy.rotateBeforeExpiry));
  return wait && policy.rotateBeforeExpiry / 2 < bound.needed
    ? waitSentence(policy, issuer, bound)
    : lifeSentence(policy, issuer, bound);
}

function lifeSentence(policy: Policy, issuer: Issuer, bound: LifetimeLimit): string {
  const field = policy.maxLifetime === undefined ? 'maxAge' : 'maxLifetime';
  const fix = upToDays(leastLife(policy, bound));
  const { maxDays } = issuer.expiry;
  const isCapped = maxDays !== undefined && maxDays * DAY < Math.max(bound.asked, fix + DAY + FURTHEST_WEST);
  const cap = isCapped ? ` (at most ${maxDays}d)` : '';
  const advice = isCapped
    ? `allow ${upToDays(fix + DAY + FURTHEST_WEST) / DAY}d there, or shorten rotateEvery or minGrace`
    : `raise ${field} to ${fix / DAY}d, or shorten rotateEvery or minGrace`;
  return (
    `${field} ${hours(bound.asked)} leaves too little at ${issuer.id}${endOf(issuer)}${cap}: of ` +
    `${hours(bound.least)}, ${hours(bound.dueAfter)} pass until a rotation is due, and ${sumOf(bound)} ` +
    `have to be left: ${advice}.`
  );
}

function waitSentence(policy: Policy, issuer: Issuer, bound: LifetimeLimit): string {
  const lead = policy.rotateBeforeExpiry;
  return (
    `rotateBeforeExpiry ${hours(lead)} leaves too little at ${issuer.id}: a rotation may wait until half ` +
    `of it, ${hours(lead / 2)}, is left, and ${sumOf(bound)} have to be left: raise rotateBeforeExpiry ` +
    `to ${upToDays(2 * bound.needed) / DAY}d.`
  );
}

function sumOf({ needed, early, grace }: LifetimeLimit): string {
  return (
    `${hours(needed)} (delays ${hours(LONGEST_DELAY)}, zone and clocks ${hours(early)}, grace ` +
    `${hours(grace)})`
  );
}

function endOf({ expiry }: Issuer): string {
  return expiry.step === 'day' ? ', where credentials end at 00:00 of a date' : '';
}

/**
 * The shortest life with which the policy could be kept: it is due long enough before the end by its
 * interval, or by its lead time, of which half the life is the most.
 */
function leastLife({ rotateEvery, rotateBeforeExpiry }: Policy, { needed }: LifetimeLimit): Millis {
  const byInterval = rotateEvery + needed;
  return ROTATION + (rotateBeforeExpiry >= needed ? Math.min(byInterval, 2 * needed) : byInterval);
}

function upToDays(length: Millis): Millis {
  return Math.ceil(length / DAY) * DAY;
}

/** `90d`, `36h` or `14h 2m`. */
function hours(length: Millis): string {
  if (length > 0 && length % DAY === 0) return `${length / DAY}d`;
  const minutes = Math.round(length / MINUTE);
  const rest = Math.abs(minutes % 60);
  return `${Math.trunc(minutes / 60)}h${rest === 0 ? '' : ` ${rest}m`}`;
}
