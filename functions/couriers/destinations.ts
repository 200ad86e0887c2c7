import * as z from 'zod';
import type { ConsumerKind } from '../core/consumers/consumer-kinds.ts';
import type { Parcel } from '../core/delivery/courier.ts';
import { DeliveryGrant, isGranted, notGranted } from '../core/delivery/consumer-grants.ts';
import type { ProviderTools } from '../core/issuer/provider.ts';
import type { Secret } from '../core/basics/secret.ts';
import { deliverySecretOf } from '../core/basics/names.ts';
import { readJson } from '../providers/grants.ts';
import { httpClient, type HttpClient } from '../providers/http.ts';
import type { Dialect } from '../providers/dialect.ts';

/** What couriers need of the world. */
export interface CourierTools extends ProviderTools {
  /** The text of a kind's delivery secret, which only operators write. Error: `admin-missing`. */
  readonly destinations: (kind: ConsumerKind) => Promise<Secret>;
}

/** Every destination grants which tokens may be brought to which of its targets. */
export const GRANTS = {
  grants: z.array(DeliveryGrant).min(1, 'is empty: name at least one secret and target'),
};

/**
 * The destination that is granted for a parcel: the first of its kind that fits. Errors: `delivery-invalid`
 * names the field; `not-granted`. Whoever can tag a secret gains nothing by it: what is not granted here is
 * not reached.
 */
export async function destinationFor<D extends { readonly grants: readonly DeliveryGrant[] }>(
  parcel: Parcel,
  destination: z.ZodType<D>,
  tools: CourierTools,
  isMeant: (destination: D) => boolean = () => true,
): Promise<D> {
  const name = deliverySecretOf(parcel.consumer.kind);
  const text = await tools.destinations(parcel.consumer.kind);
  const { destinations } = readJson(text, z.strictObject({ destinations: z.array(destination).min(1) }), {
    code: 'delivery-invalid',
    what: `the secret ${name}`,
  });
  const found = destinations.find((one) => isMeant(one) && isGranted(one.grants, parcel));
  if (found) return found;
  throw notGranted(parcel, `the secret ${name}`);
}

/** The one way from a courier to its destination. */
export function clientTo(origin: string, tools: CourierTools, dialect?: Dialect): HttpClient {
  return httpClient({ origin, tools, credential: 'delivery credential', ...(dialect && { dialect }) });
}
