import * as z from 'zod';
import { DeliveryGrant, isGranted } from '../core/delivery/consumer-grants.ts';
import type { Parcel } from '../core/delivery/courier.ts';
import type { Fault } from '../providers/grants.ts';

/** How the destinations of a kind are read. */
export interface DestinationRule<D> {
  /** What a destination has beside its grants. */
  readonly schema: z.ZodType<D>;
  /** What a destination says that is the one which the target of a parcel names. */
  readonly meant?: { readonly field: string; readonly value: string };
}

/** What a destination is to a parcel. `fault`: what is wrong in it, where that concerns the parcel. */
export type Reading<D> =
  | { readonly granted: true; readonly destination: D }
  | { readonly granted: true; readonly fault: Fault | undefined }
  | { readonly granted: false; readonly fault?: Fault | undefined };

const Fields = z.record(z.string(), z.unknown());
const Listed = z.array(z.unknown()).min(1, 'is empty: name at least one secret and target');

/**
 * What a destination is to a parcel. A fault in a destination, or in one of its grants, concerns what is
 * granted there. A grant that cannot be read may be for any.
 */
export function readFor<D>(parcel: Parcel, text: unknown, { schema, meant }: DestinationRule<D>): Reading<D> {
  const fields = Fields.safeParse(text);
  if (!fields.success) return { granted: false, fault: fields.error.issues[0] };
  const { grants, ...rest } = fields.data;
  if (meant && isAnother(rest[meant.field], meant.value)) return { granted: false };
  const destination = schema.safeParse(rest);
  const { readable, fault } = readGrants(grants);
  const wrong = destination.error?.issues[0];
  if (!isGranted(readable, parcel)) return { granted: false, fault: fault && (wrong ?? fault) };
  return destination.success
    ? { granted: true, destination: destination.data }
    : { granted: true, fault: wrong };
}

function isAnother(said: unknown, meant: string): boolean {
  return typeof said === 'string' && said !== meant;
}

function readGrants(text: unknown): { readable: DeliveryGrant[]; fault: Fault | undefined } {
  const listed = Listed.safeParse(text);
  if (!listed.success) return { readable: [], fault: under(['grants'], listed.error.issues[0]) };
  const read = listed.data.map((one) => DeliveryGrant.safeParse(one));
  const faults = read.flatMap((one, at) => under(['grants', at], one.error?.issues[0]) ?? []);
  return { readable: read.flatMap((one) => (one.success ? [one.data] : [])), fault: faults[0] };
}

function under(at: readonly PropertyKey[], fault: Fault | undefined): Fault | undefined {
  return fault && { ...fault, path: [...at, ...fault.path] };
}
