/** The policy of a token as Keyturn keeps and follows it, with its defaults. */
import * as z from 'zod';
import type { Calendar } from '../basics/calendar.ts';
import { Freeze } from '../basics/freezes.ts';
import { Window } from '../basics/weekly-windows.ts';
import { DAY, HOUR, MINUTE, type Millis } from '../basics/time.ts';
import { kept, keptApart, unknownMembers } from '../basics/record.ts';

/** What shows that consumers moved. */
export const Evidence = z.enum(['last-used', 'consumers', 'all', 'time']);

/** What happens when the longest grace period is over. */
export const OnMaxGrace = z.enum(['keep', 'revoke']);

/** What happens when the issuer rejects the current value. */
export const OnInactive = z.enum(['notify', 'rotate']);

/** What happens when a credential reaches its maximum age. */
export const OnMaxAge = z.enum(['warn', 'page', 'revoke']);

/** What happens when a leak is not contained in time. */
export const OnContainmentDeadline = z.enum(['page', 'revoke']);

/** Whether old and new are active at the same time. `none`: the old one may end when the new one is made. */
export const Overlap = z.enum(['kept', 'none']);

/** How soon an unusual read is reported. */
export const Sensitivity = z.enum(['off', 'low', 'normal', 'high']);

const PolicyMembers = kept({
  /** Rotate this long after the last rotation. */
  rotateEvery: z.number().positive(),
  /** No credential may be older than this. The backstop schedule is this plus a day. */
  maxAge: z.number().positive(),
  /** Rotate at the latest this long before the issuer lets the credential expire. */
  rotateBeforeExpiry: z.number().nonnegative(),
  /** Warn when this much is left before expiry, longest first. */
  warnBefore: z.array(z.number().positive()).readonly(),
  /** The grace period: a previous credential is kept at least this long after its successor was promoted. */
  minGrace: z.number().nonnegative(),
  /** After this long a finding says that consumers still use the previous credential. */
  maxGrace: z.number().positive(),
  /**
   * What must show that consumers moved: the issuer's last-used date where it tells one, the declared
   * consumers,
   * both, or time alone.
   */
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
  /**
   * A rotation comes earlier than `rotateEvery` says by up to this, differently for each token.
   * So many rotations do not come at the same time.
   */
  jitter: z.number().nonnegative().default(0),
  /**
   * The longest lifetime that is asked of the issuer for a new credential. `maxAge` where it is not given.
   */
  maxLifetime: z.number().positive().optional(),
  /** What a credential may be allowed to do at most; anything where it is not given. */
  scopes: z.array(z.string().min(1)).readonly().optional(),
  /** What happens when the issuer rejects the current value before it expires. */
  onInactive: OnInactive.default('notify'),
  /** What happens when a credential is as old as it may be and could not be replaced. */
  onMaxAge: OnMaxAge.default('page'),
  /** The token that has to be rotated first, by the name or the ARN of its secret. */
  rotateAfter: z.string().min(1).optional(),
  /** How long the rotated upstream token has to work before this one follows. */
  soakTime: z.number().nonnegative().default(DAY),
  /** How long after a promotion a signal of `healthSignals` rolls the rotation back. */
  bakeTime: z.number().nonnegative().default(HOUR),
  /** CloudWatch alarms, by name, or signals that tell whether consumers are well. */
  healthSignals: z.array(z.string().min(1)).readonly().default([]),
  /** How long reads are learned before an unusual one is reported. */
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
  /**
   * A leaked credential that its issuer can disable stays disabled so long before it is revoked: until then a
   * wrong report can be taken back. 0: it is revoked at once.
   */
  disableWait: z.number().nonnegative().default(DAY),
  /**
   * `none` permits that consumers fail from the creation of a new credential until they read it, at issuers
   * that end the old one with it.
   */
  overlap: Overlap.default('kept'),
});

/**
 * What the owner wants of a token. All lengths are in milliseconds.
 * Words of a later version are kept. Until a version that knows them reads them, what acts least stands in
 * for them.
 */
export const Policy = keptApart(PolicyMembers, {
  words: {
    evidence: { of: Evidence, instead: { evidence: 'all' } },
    onMaxGrace: { of: OnMaxGrace, instead: { onMaxGrace: 'keep' } },
    onInactive: { of: OnInactive, instead: { onInactive: 'notify' } },
    onMaxAge: { of: OnMaxAge, instead: { onMaxAge: 'page' } },
    onContainmentDeadline: { of: OnContainmentDeadline, instead: { onContainmentDeadline: 'page' } },
    sensitivity: { of: Sensitivity, instead: { sensitivity: 'normal' } },
    overlap: { of: Overlap, instead: { overlap: 'kept' } },
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

/** The policy of a token whose owner states nothing. */
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
  disableWait: DAY,
  overlap: 'kept',
};

/**
 * The longest interval of sweeps that settings take: a rotation that is due may wait so long for the sweep
 * that starts it.
 */
export const LONGEST_SWEEP: Millis = 6 * HOUR;
