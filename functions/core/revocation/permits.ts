import * as z from 'zod';
import { sameValue } from '../issuer/identity.ts';
import type { Identity } from '../issuer/likeness.ts';
import { Replica, replicasNow, type ReplicaState } from '../token/replicas.ts';
import type { Instant } from '../basics/time.ts';

/** Why a credential may end, or what stands in the way of that be passed over. */
export const PERMIT_KINDS = [
  'retirement',
  'revoke',
  'incident',
  'forced-revocation',
  'claim',
  'forget',
  'host',
  'replica',
] as const;

export type PermitKind = (typeof PERMIT_KINDS)[number];

/**
 * One reason: a person ends the token (`retirement`) or one credential (`revoke`), a credential is out
 * (`incident`), the policy wants it (`order`), the worker function found that its grace is over or that no
 * token needs it (`claim`), a person has Keyturn forget one (`forget`), an operator confirmed where values
 * may be sent (`host`), or a person said that no copy in another Region has to be waited for (`replica`).
 * Kinds and fields of a later version are kept and permit nothing here.
 */
const Permit = z.looseObject({
  kind: z.string(),
  /**
   * The credential's id, the handle, the fingerprint, the host or the copy that it is about; the token's own
   * id where it is about all of it.
   */
  about: z.string().min(1),
  /** What it was known by when it was permitted: one with another name or value is another credential. */
  handle: z.string().optional(),
  fingerprint: z.string().optional(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** On whose word: a principal, or `policy`. */
  by: z.string(),
});

export type Permit = z.infer<typeof Permit>;

/**
 * A credential that was seen to be replaced, and when. A record could put the date back, or say that it was
 * never in use.
 */
export const Replaced = z.looseObject({
  about: z.string().min(1),
  handle: z.string().optional(),
  fingerprint: z.string().optional(),
  at: z.number(),
});

export type Replaced = z.infer<typeof Replaced>;

/**
 * All that may end of one token, in an item that the worker function alone may write. Without one, no
 * credential of the token ends. `copies` are those in other Regions as the worker function saw them: a record
 * could say that one was never there, or has been as it is for longer than a person's word on it.
 */
export const Permits = z.looseObject({
  tokenId: z.string(),
  permits: z.array(Permit),
  replaced: z.array(Replaced).optional(),
  copies: z.array(Replica).readonly().optional(),
});

export type Permits = z.infer<typeof Permits>;

export interface NewPermit {
  readonly kind: PermitKind;
  readonly about: string;
  readonly handle?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly at: number;
  readonly by: string;
}

export function noPermits(tokenId: string): Permits {
  return { tokenId, permits: [] };
}

/** The permit of a kind about one thing; undefined where there is none. */
export function permitOf(record: Permits, kind: PermitKind, about: string): Permit | undefined {
  return record.permits.find((one) => one.kind === kind && one.about === about);
}

/** Adds a permit; what is permitted already stays as it was first said. */
export function permitting(record: Permits, permit: NewPermit): Permits {
  return permitOf(record, permit.kind, permit.about)
    ? record
    : { ...record, permits: [...record.permits, { ...permit }] };
}

/** Takes a permit back; the same record where there is none. */
export function withdrawn(record: Permits, kind: PermitKind, about: string): Permits {
  if (!permitOf(record, kind, about)) return record;
  return { ...record, permits: record.permits.filter((one) => one.kind !== kind || one.about !== about) };
}

/** A credential as a record names it. */
export interface Named extends Identity {
  readonly id: string;
}

/** The permit of a kind about a credential; undefined where its name or value is another one by now. */
export function permitFor(record: Permits, kind: PermitKind, one: Named): Permit | undefined {
  return record.permits.find(
    (permit) => permit.kind === kind && permit.about === one.id && !contradicts(permit, one),
  );
}

/** The permit of an incident about a credential, under whichever version it is stored by now. */
export function exposurePermit(record: Permits, one: Named): Permit | undefined {
  return record.permits.find(
    (permit) =>
      permit.kind === 'incident' &&
      !contradicts(permit, one) &&
      (permit.about === one.id ||
        isSame(permit.handle, one.handle) ||
        isSame(permit.fingerprint, one.fingerprint)),
  );
}

/**
 * Takes back that a credential is out, under whichever name that was permitted, and that its end was claimed.
 */
export function withoutExposure(record: Permits, one: Named): Permits {
  const exposure = exposurePermit(record, one);
  const freed = withdrawn(record, 'claim', one.id);
  return exposure ? withoutExposure(withdrawn(freed, 'incident', exposure.about), one) : freed;
}

function contradicts(permit: Permit, one: Named): boolean {
  const isOther = permit.handle !== undefined && one.handle !== undefined && permit.handle !== one.handle;
  return isOther || sameValue(permit.fingerprint, one.fingerprint) === 'different';
}

export function isSame(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}

/** Puts a permit in the place of an earlier one of its kind about the same thing. */
export function renewing(record: Permits, permit: NewPermit): Permits {
  return permitting(withdrawn(record, permit.kind, permit.about), permit);
}

/**
 * Notes how the copies in other Regions are. Where none were noted before, the record's word on them is all
 * there is.
 */
export function notingCopies(
  record: Permits,
  seen: { recorded: readonly Replica[]; shown: readonly ReplicaState[]; at: Instant },
): Permits {
  const known = record.copies ?? seen.recorded;
  const copies = replicasNow(known, seen.shown, seen.at);
  const isSame =
    record.copies !== undefined &&
    copies.length === known.length &&
    copies.every((one, index) => one === known[index]);
  return isSame || (record.copies === undefined && copies.length === 0) ? record : { ...record, copies };
}
