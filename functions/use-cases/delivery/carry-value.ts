/** Hands a value, or the news of it, to the courier of a consumer. */
import type { ConsumerKind } from '../../core/consumers/consumer-kinds.ts';
import type { Courier, Parcel, Passage } from '../../core/delivery/courier.ts';
import { countsSince, type PendingDelivery } from '../../core/delivery/deliveries.ts';
import { areInTurn } from '../../core/issuer/issuer-facts.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { requestTokenOf } from '../../core/basics/names.ts';
import { parsePayload } from '../../core/secret-text/secret-text.ts';
import { placeOf } from '../../core/secret-text/value-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Token } from '../../core/token/token.ts';
import type { StorePorts } from '../inventory/store.ts';

/** What a delivery needs from outside. */
export type DeliverPorts = StorePorts &
  Pick<Ports, 'secrets' | 'installation' | 'policyDefaults' | 'timeLeft'> & {
    readonly couriers: ReadonlyMap<ConsumerKind, Courier>;
  };

/** Delivers by the consumer's courier. Errors: those of the courier, and `delivery-disabled` without one. */
export function carry(
  token: Token,
  { secret, pendingDelivery }: { secret: SecretDescription; pendingDelivery: PendingDelivery },
  ports: DeliverPorts,
): Promise<Passage> {
  const courier = ports.couriers.get(pendingDelivery.consumer.kind);
  if (!courier)
    throw new KeyturnError(
      'delivery-disabled',
      `This installation does not deliver to consumers of the kind ${pendingDelivery.consumer.kind}: ` +
        'add it to delivery in keyturn.json, or correct the consumer.',
    );
  return courier.carry(parcelOf(token, pendingDelivery), () =>
    valueIn(secret, { token, pendingDelivery }, ports),
  );
}

function parcelOf(token: Token, pendingDelivery: PendingDelivery): Parcel {
  const { consumer, credential, delivery } = pendingDelivery;
  const { name, kind, target } = consumer;
  const { promotedAt, asked } = delivery;
  return {
    id: requestTokenOf(
      token.id,
      `delivery\n${name}\n${credential.id}\n${promotedAt}${asked === undefined ? '' : `\n${asked.request}`}`,
    ),
    tokenId: token.id,
    secretName: token.name,
    secretArn: token.secretArn,
    versionId: credential.versionId,
    consumer: { name, kind, target },
    promotedAt,
    since: countsSince(token, pendingDelivery),
  };
}

async function valueIn(
  secret: SecretDescription,
  { token, pendingDelivery: { credential } }: { token: Token; pendingDelivery: PendingDelivery },
  ports: DeliverPorts,
): Promise<Secret> {
  const descriptor = ports.descriptor(token.provider);
  if (!descriptor)
    throw new KeyturnError(
      'provider-unknown',
      `There is no issuer "${token.provider}" in this installation.`,
    );
  if (areInTurn(descriptor.slots))
    throw new KeyturnError(
      'delivery-disabled',
      `Each rotation of ${token.name} comes with another name, which this kind of consumer is not given ` +
        'with the value: let it read the secret, and declare one that is notified, such as webhook or event.',
    );
  const text = await ports.secrets.read(token.secretArn, credential.versionId);
  const value = text && parsePayload(text, placeOf(secret.tags, descriptor)).value;
  if (value) return value;
  throw new KeyturnError(
    'version-unknown',
    `The version ${credential.versionId} of ${token.name} holds no credential.`,
  );
}
