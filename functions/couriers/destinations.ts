import * as z from 'zod';
import type { ConsumerKind } from '../core/consumers/consumer-kinds.ts';
import type { Parcel } from '../core/delivery/courier.ts';
import { notGranted } from '../core/delivery/consumer-grants.ts';
import type { KeyturnError } from '../core/basics/errors.ts';
import type { ProviderTools } from '../core/issuer/provider.ts';
import type { Secret } from '../core/basics/secret.ts';
import { deliverySecretOf } from '../core/basics/names.ts';
import { faultIn, readJson, type About } from '../providers/grants.ts';
import { httpClient, type HttpClient } from '../providers/http.ts';
import type { Dialect } from '../providers/dialect.ts';
import { readFor, type DestinationRule } from './granted-destination.ts';

/** What couriers need of the world. */
export interface CourierTools extends ProviderTools {
  /** The text of a kind's delivery secret, which only operators write. Error: `admin-missing`. */
  readonly destinations: (kind: ConsumerKind) => Promise<Secret>;
}

const Destinations = z.strictObject({ destinations: z.array(z.unknown()).min(1) });

/**
 * The destination that is granted for a parcel: the first of its kind that fits. Whoever can tag a secret
 * gains nothing by it: what is not granted here is not reached. What is wrong in another destination is no
 * obstacle; where none fits it is named, since it may be the one that should have. Errors:
 * `delivery-invalid` names the field; `not-granted`.
 */
export async function destinationFor<D>(
  parcel: Parcel,
  tools: CourierTools,
  rule: DestinationRule<D>,
): Promise<D> {
  const name = deliverySecretOf(parcel.consumer.kind);
  const about = { code: 'delivery-invalid', what: `the secret ${name}` } satisfies About;
  const { destinations } = readJson(await tools.destinations(parcel.consumer.kind), Destinations, about);
  let suspect: KeyturnError | undefined;
  for (const [index, text] of destinations.entries()) {
    const reading = readFor(parcel, text, rule);
    if ('destination' in reading) return reading.destination;
    const wrong = faultIn(about, reading.fault, ['destinations', index]);
    if (reading.granted) throw wrong;
    if (reading.fault) suspect ??= wrong;
  }
  throw suspect ?? notGranted(parcel, `the secret ${name}`);
}

/** The one way from a courier to its destination. */
export function clientTo(origin: string, tools: CourierTools, dialect?: Dialect): HttpClient {
  return httpClient({ origin, tools, credential: 'delivery credential', ...(dialect && { dialect }) });
}
