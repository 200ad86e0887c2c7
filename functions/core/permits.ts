import * as z from 'zod';

/** Why a credential that is, or was, current may end. */
export const PERMIT_KINDS = ['retirement', 'revoke', 'incident', 'order', 'forget', 'host', 'replica'] as const;
export type PermitKind = (typeof PERMIT_KINDS)[number];

/**
 * One reason: a person ends the token (`retirement`) or one credential (`revoke`), a credential is out (`incident`), the policy wants it (`order`), a person has Keyturn forget one (`forget`),
 * an operator confirmed where values may be sent (`host`), or a person said that no copy in another Region has to be waited for (`replica`). Kinds and fields of a later version are kept and permit nothing here.
 */
const Permit = z.looseObject({
  kind: z.string(),
  /** The generation's id, the handle, the fingerprint, the host or the copy that it is about; the token's own id where it is about all of it. */
  about: z.string().min(1),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** On whose word: a principal, or `policy`. */
  by: z.string(),
});
export type Permit = z.infer<typeof Permit>;

/** All that may end of one token, in an item that the act function alone may write. Without one, nothing of the token that was ever current ends. */
export const Permits = z.looseObject({ tokenId: z.string(), permits: z.array(Permit) });
export type Permits = z.infer<typeof Permits>;

export interface NewPermit {
  readonly kind: PermitKind;
  readonly about: string;
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
  return permitOf(record, permit.kind, permit.about) ? record : { ...record, permits: [...record.permits, { ...permit }] };
}

/** Takes a permit back; the same record where there is none. */
export function withdrawn(record: Permits, kind: PermitKind, about: string): Permits {
  if (!permitOf(record, kind, about)) return record;
  return { ...record, permits: record.permits.filter((one) => one.kind !== kind || one.about !== about) };
}
