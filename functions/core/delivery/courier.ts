import type { ConsumerKind } from '../consumers/consumer-kinds.ts';
import type { DeclaredConsumer } from '../consumers/consumers.ts';
import type { Secret } from '../basics/secret.ts';
import { formatInstant, type Instant } from '../basics/time.ts';

/** What is brought to one consumer, without the value. */
export interface Parcel {
  /** The same whenever the same promotion is brought to the same consumer: who sees it twice has seen it. */
  readonly id: string;
  readonly tokenId: string;
  readonly secretName: string;
  readonly secretArn: string;
  readonly versionId: string;
  readonly consumer: DeclaredConsumer;
  readonly promotedAt: Instant;
  /**
   * What the destination did before says nothing of this: since the promotion, since a person asked for it
   * again, or since the token's target secrets have the value.
   */
  readonly since: Instant;
}

/** `sent`: on its way, to be looked at again. `proven`: arrived; `proof` says by what, and holds no value. */
export type Passage =
  | { readonly outcome: 'sent'; readonly receipt: string; readonly lookAt: Instant }
  | { readonly outcome: 'proven'; readonly proof: string };

/** Brings parcels to consumers of one kind. */
export interface Courier {
  readonly kind: ConsumerKind;
  /**
   * Brings a parcel, or sees how far it has come. Done twice, also after a run that broke off anywhere, it
   * ends the same. The value is read only by those who have to hand it over, once the destination is known to
   * be granted. Errors: `not-granted`; `delivery-invalid`; those of the destination. None holds a value.
   */
  carry(parcel: Parcel, value: () => Promise<Secret>): Promise<Passage>;
}

/** What consumers are notified of with a parcel. It holds no value. */
export function wordOf(parcel: Parcel): Readonly<Record<string, string>> {
  return {
    source: 'keyturn',
    type: 'token-replaced',
    delivery: parcel.id,
    token: parcel.tokenId,
    secret: parcel.secretName,
    secretArn: parcel.secretArn,
    versionId: parcel.versionId,
    consumer: parcel.consumer.name,
    target: parcel.consumer.target,
    promotedAt: formatInstant(parcel.promotedAt),
  };
}
