import * as z from 'zod';
import {
  type Calendar,
  Freeze,
  Window,
  formatFreeze,
  formatWindow,
  parseFreeze,
  parseWindow,
} from '../basics/calendar.ts';
import { DAY, HOUR, MINUTE, formatDuration, parseDuration, type Millis } from '../basics/time.ts';
import { kept, keptApart, unknownMembers } from '../basics/record.ts';

/** A text that a reader understands, read into what it means. */
function readable<T>(read: (text: string) => T | undefined, what: string) {
  return z.string().transform((text, context): T => {
    const meaning = read(text);
    if (meaning !== undefined) return meaning;
    context.addIssue({ code: 'custom', message: `"${text}" is not ${what}` });
    return z.NEVER;
  });
}

/** A duration as people write it (`30d`, `12h`, `15m`), read into milliseconds. */
export const Duration = readable<Millis>(parseDuration, 'a duration like 30d, 12h or 15m');
const WindowText = readable(parseWindow, 'a window like mon-fri 09:00-17:00 Europe/Berlin');
const FreezeText = readable(parseFreeze, 'a freeze like 2026-12-20..2027-01-05 Europe/Berlin');

const Evidence = z.enum(['last-used', 'consumers', 'all', 'time']);
const OnMaxGrace = z.enum(['keep', 'revoke']);
const OnInactive = z.enum(['notify', 'rotate']);
const OnMaxAge = z.enum(['warn', 'page', 'revoke']);
const OnContainmentDeadline = z.enum(['page', 'revoke']);
const Sensitivity = z.enum(['off', 'low', 'normal', 'high']);

const PolicyMembers = kept({
  /** Rotate this long after the last rotation. */
  rotateEvery: z.number().positive(),
  /** No credential may live longer than this; the backstop schedule is this plus a day. */
  maxAge: z.number().positive(),
  /** Rotate at the latest this long before the issuer lets the credential expire. */
  rotateBeforeExpiry: z.number().nonnegative(),
  /** Warn when this much is left before expiry, longest first. */
  warnBefore: z.array(z.number().positive()).readonly(),
  /** An old credential lives at least this long after its successor was promoted. */
  minGrace: z.number().nonnegative(),
  /** After this long a person hears that consumers still use the old one. */
  maxGrace: z.number().positive(),
  /** What must show that consumers moved: the issuer's last-used date where it tells one, the declared consumers, both, or time alone. */
  evidence: Evidence,
  /** The old credential counts as unused when the issuer saw no use of it for this long. */
  unusedFor: z.number().nonnegative(),
  /** The longest time a consumer keeps a value it has read. */
  cacheTtl: z.number().nonnegative(),
  /** What happens at `maxGrace` without evidence. */
  onMaxGrace: OnMaxGrace,
  /** When rotations may begin; any time where none is given. */
  rotationWindows: z.array(Window).readonly().default([]),
  /** When no rotation may begin. */
  freezes: z.array(Freeze).readonly().default([]),
  /** A rotation comes earlier than `rotateEvery` says by up to this, differently for each token, so that many do not come at once. */
  jitter: z.number().nonnegative().default(0),
  /** The longest life that is asked of the issuer for a new credential; `maxAge` where it is not given. */
  maxLifetime: z.number().positive().optional(),
  /** What a credential may be allowed to do at most; anything where it is not given. */
  scopes: z.array(z.string().min(1)).readonly().optional(),
  /** What happens when the issuer refuses the current value before its time. */
  onInactive: OnInactive.default('notify'),
  /** What happens when a credential is as old as it may be and could not be replaced. */
  onMaxAge: OnMaxAge.default('page'),
  /** The token that has to be rotated first, by the name or the ARN of its secret. */
  rotateAfter: z.string().min(1).optional(),
  /** How long the rotated upstream token has to work before this one follows. */
  soakTime: z.number().nonnegative().default(DAY),
  /** How long after a promotion a signal of `healthSignals` brings the previous credential back. */
  bakeTime: z.number().nonnegative().default(HOUR),
  /** CloudWatch alarms, by name, or signals that tell whether consumers are well. */
  healthSignals: z.array(z.string().min(1)).readonly().default([]),
  /** How long reads are watched before an unusual one is told of. */
  baselinePeriod: z
    .number()
    .nonnegative()
    .default(14 * DAY),
  sensitivity: Sensitivity.default('normal'),
  /** A leaked credential has to be replaced within this. */
  containmentDeadline: z
    .number()
    .positive()
    .default(15 * MINUTE),
  /** What happens when it is not. */
  onContainmentDeadline: OnContainmentDeadline.default('page'),
});

/** What the owner wants of a token; all lengths in milliseconds. Words of a later version are kept; until one that knows them reads them again, what acts least stands in for them. */
export const Policy = keptApart(PolicyMembers, {
  words: {
    evidence: { of: Evidence, instead: { evidence: 'all' } },
    onMaxGrace: { of: OnMaxGrace, instead: { onMaxGrace: 'keep' } },
    onInactive: { of: OnInactive, instead: { onInactive: 'notify' } },
    onMaxAge: { of: OnMaxAge, instead: { onMaxAge: 'page' } },
    onContainmentDeadline: { of: OnContainmentDeadline, instead: { onContainmentDeadline: 'page' } },
    sensitivity: { of: Sensitivity, instead: { sensitivity: 'normal' } },
  },
});
export type Policy = z.infer<typeof Policy>;

/** When a policy lets a rotation begin. */
export function calendarOf({
  rotationWindows,
  freezes,
}: Pick<Policy, 'rotationWindows' | 'freezes'>): Calendar {
  return { windows: rotationWindows, freezes };
}

/** A policy as it was read anew, with what a later version had put beside the last one. */
export function policyAfter(known: Policy | undefined, policy: Policy): Policy {
  return known ? { ...unknownMembers(PolicyMembers, known), ...policy } : policy;
}

export const DEFAULT_POLICY: Policy = {
  rotateEvery: 30 * DAY,
  maxAge: 90 * DAY,
  rotateBeforeExpiry: 14 * DAY,
  warnBefore: [30 * DAY, 14 * DAY, 7 * DAY, 3 * DAY, DAY],
  minGrace: 2 * HOUR,
  maxGrace: 7 * DAY,
  evidence: 'last-used',
  unusedFor: 2 * HOUR,
  cacheTtl: 5 * MINUTE,
  onMaxGrace: 'keep',
  rotationWindows: [],
  freezes: [],
  jitter: 0,
  onInactive: 'notify',
  onMaxAge: 'page',
  soakTime: DAY,
  bakeTime: HOUR,
  healthSignals: [],
  baselinePeriod: 14 * DAY,
  sensitivity: 'normal',
  containmentDeadline: 15 * MINUTE,
  onContainmentDeadline: 'page',
};

/** The longest interval of sweeps that settings take: a rotation that is due may wait so long for the sweep that starts it. */
export const LONGEST_SWEEP: Millis = 6 * HOUR;

/** The policy as owners write it, in a manifest or in tags; every field may be left out. */
export const PolicyInput = z.strictObject({
  rotateEvery: Duration.optional(),
  maxAge: Duration.optional(),
  rotateBeforeExpiry: Duration.optional(),
  warnBefore: z.array(Duration).optional(),
  minGrace: Duration.optional(),
  maxGrace: Duration.optional(),
  evidence: Evidence.optional(),
  unusedFor: Duration.optional(),
  cacheTtl: Duration.optional(),
  onMaxGrace: OnMaxGrace.optional(),
  rotationWindows: z.array(WindowText).optional(),
  freezes: z.array(FreezeText).optional(),
  jitter: Duration.optional(),
  maxLifetime: Duration.optional(),
  scopes: z.array(z.string().min(1)).optional(),
  onInactive: OnInactive.optional(),
  onMaxAge: OnMaxAge.optional(),
  rotateAfter: z.string().min(1).optional(),
  soakTime: Duration.optional(),
  bakeTime: Duration.optional(),
  healthSignals: z.array(z.string().min(1)).optional(),
  baselinePeriod: Duration.optional(),
  sensitivity: Sensitivity.optional(),
  containmentDeadline: Duration.optional(),
  onContainmentDeadline: OnContainmentDeadline.optional(),
});
export type PolicyInput = z.input<typeof PolicyInput>;
/** The same, read. */
export type StatedPolicy = z.output<typeof PolicyInput>;

/** Policies that hold where a token states nothing: for all, by issuer, by environment; the later win. */
export const PolicyDefaults = z.strictObject({
  all: PolicyInput.optional(),
  issuers: z.record(z.string(), PolicyInput).optional(),
  environments: z.record(z.string(), PolicyInput).optional(),
});
export type PolicyDefaults = z.output<typeof PolicyDefaults>;

/** What holds for tokens of an issuer in an environment, where they state nothing themselves. */
export function defaultsFor(
  about: { issuer: string; environment: string },
  { all, issuers, environments }: PolicyDefaults,
): StatedPolicy {
  return { ...all, ...issuers?.[about.issuer], ...environments?.[about.environment] };
}

/** What is stated of something, field by field. */
export function withoutUndefined<T extends object>(given: T): Partial<T> {
  const stated: Partial<T> = { ...given };
  for (const [key, value] of Object.entries(given))
    if (value === undefined) Reflect.deleteProperty(stated, key);
  return stated;
}

/** A policy, or part of one, as people write it. Inverse of {@link PolicyInput}. */
export function policyText(policy: StatedPolicy | Policy): PolicyInput {
  const length = (given: Millis | undefined): string | undefined =>
    given === undefined ? undefined : formatDuration(given);
  return {
    rotateEvery: length(policy.rotateEvery),
    maxAge: length(policy.maxAge),
    rotateBeforeExpiry: length(policy.rotateBeforeExpiry),
    warnBefore: policy.warnBefore?.map(formatDuration),
    minGrace: length(policy.minGrace),
    maxGrace: length(policy.maxGrace),
    evidence: policy.evidence,
    unusedFor: length(policy.unusedFor),
    cacheTtl: length(policy.cacheTtl),
    onMaxGrace: policy.onMaxGrace,
    rotationWindows: policy.rotationWindows?.map(formatWindow),
    freezes: policy.freezes?.map(formatFreeze),
    jitter: length(policy.jitter),
    maxLifetime: length(policy.maxLifetime),
    scopes: policy.scopes && [...policy.scopes],
    onInactive: policy.onInactive,
    onMaxAge: policy.onMaxAge,
    rotateAfter: policy.rotateAfter,
    soakTime: length(policy.soakTime),
    bakeTime: length(policy.bakeTime),
    healthSignals: policy.healthSignals && [...policy.healthSignals],
    baselinePeriod: length(policy.baselinePeriod),
    sensitivity: policy.sensitivity,
    containmentDeadline: length(policy.containmentDeadline),
    onContainmentDeadline: policy.onContainmentDeadline,
  };
}
