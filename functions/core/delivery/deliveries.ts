import { isDelivered, ruleOf } from '../consumers/consumer-kinds.ts';
import type { DeclaredConsumer } from '../consumers/consumers.ts';
import type { Consumer, Delivery } from '../consumers/consumer-state.ts';
import { attemptOf, currentOf } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { HOUR, type Instant } from '../basics/time.ts';

/** And one that was sent, when its proof has not come after this long. */
export const PROOF_WITHIN = HOUR;

/** What is to be delivered to one consumer: the current credential, and how far that has come. */
export interface PendingDelivery {
  readonly consumer: Consumer;
  readonly credential: Credential & { readonly versionId: string };
  readonly delivery: Delivery;
}

/**
 * Declared consumers, each with what was known of the same one: a changed kind or target makes another
 * consumer of it.
 */
export function consumersWithState(
  declared: readonly DeclaredConsumer[],
  known: readonly Consumer[],
): Consumer[] | undefined {
  if (declared.length === 0) return undefined;
  return declared.map(
    (one) =>
      known.find(
        (same) =>
          same.name === one.name &&
          same.kind === one.kind &&
          same.target === one.target &&
          same.unreadable === one.unreadable,
      ) ?? { ...one },
  );
}

export function consumerOf(token: Token, name: string): Consumer | undefined {
  return token.consumers?.find((one) => one.name === name);
}

export function withConsumer(token: Token, name: string, change: (consumer: Consumer) => Consumer): Token {
  return token.consumers
    ? { ...token, consumers: token.consumers.map((one) => (one.name === name ? change(one) : one)) }
    : token;
}

/** When a credential became current, as far as is known. */
export function promotionOf(token: Token, credential: Credential): Instant {
  return credential.promotedAt ?? token.enrolledAt;
}

/**
 * What is still to be delivered to a consumer. Undefined when nothing is. A value that its issuer rejects, or
 * of a token that a person ended, is not delivered.
 */
export function pendingDeliveryOf(token: Token, consumer: Consumer): PendingDelivery | undefined {
  const current = currentOf(token);
  if (
    !isDelivered(consumer.kind) ||
    current?.versionId === undefined ||
    token.refusedSince !== undefined ||
    token.ending !== undefined
  )
    return undefined;
  const credential = { ...current, versionId: current.versionId };
  const promotedAt = promotionOf(token, current);
  const known = consumer.delivery;
  if (known && isOf(known, current, promotedAt))
    return known.state === 'proven' ? undefined : { consumer, credential, delivery: known };
  if (!known && !isNews(token, current)) return undefined;
  return {
    consumer,
    credential,
    delivery: { credentialId: current.id, promotedAt, state: 'pending', tries: 0 },
  };
}

function isOf(delivery: Delivery, credential: Credential, promotedAt: Instant): boolean {
  return delivery.credentialId === credential.id && delivery.promotedAt === promotedAt;
}

/**
 * An adopted value its consumers have already; one whose rotation is on record, or that stands beside an
 * older one which is still active, they may not have.
 */
function isNews(token: Token, current: Credential): boolean {
  return (
    attemptOf(token, current.id) !== undefined || token.credentials.some((one) => one.state === 'previous')
  );
}

/**
 * When a consumer is to be looked after again; undefined when there is nothing to bring. While one run brings
 * something to it, no other does. One that is restarted or notified waits for the token's target secrets.
 */
export function pendingDeliveryAt(token: Token, consumer: Consumer): Instant | undefined {
  const pendingDelivery = pendingDeliveryOf(token, consumer);
  return (
    pendingDelivery &&
    Math.max(
      pendingDelivery.delivery.lookAt ?? pendingDelivery.delivery.promotedAt,
      consumer.busyUntil ?? 0,
      ...secretsBefore(token, consumer).map((one) => pendingDeliveryAt(token, one) ?? 0),
    )
  );
}

/** Since when what a consumer did may show that it has the new value. */
export function countsSince(token: Token, { consumer, delivery }: PendingDelivery): Instant {
  return Math.max(
    delivery.promotedAt,
    delivery.asked?.at ?? 0,
    ...secretsBefore(token, consumer).map((one) => arrivedAt(token, one) ?? 0),
  );
}

/**
 * Secrets that the value goes into before a consumer is restarted or notified: it may read the value there,
 * and would read the old one again.
 */
function secretsBefore(token: Token, consumer: Consumer): readonly Consumer[] {
  if (ruleOf(consumer.kind).delivery === 'value') return [];
  return (token.consumers ?? []).filter((one) => one.kind === 'secret');
}

/** Whether the current credential arrived at a consumer, and since when. */
export function arrivedAt(token: Token, consumer: Consumer): Instant | undefined {
  const current = currentOf(token);
  const known = consumer.delivery;
  return current && known?.state === 'proven' && isOf(known, current, promotionOf(token, current))
    ? known.provenAt
    : undefined;
}

/** Whether nothing is left to be brought to anybody. */
export function isDeliveredToAll(token: Token): boolean {
  return (token.consumers ?? []).every((one) => pendingDeliveryOf(token, one) === undefined);
}

/**
 * Changes the delivery that a pending delivery is about. One that is about another credential by now stays as
 * it is.
 */
export function withDelivery(
  token: Token,
  pendingDelivery: PendingDelivery,
  change: (delivery: Delivery) => Delivery,
): Token {
  return withConsumer(token, pendingDelivery.consumer.name, (consumer) => {
    const { busyUntil: _busy, ...free } = consumer;
    const now = pendingDeliveryOf(token, consumer);
    const isSame =
      now !== undefined &&
      now.credential.id === pendingDelivery.credential.id &&
      now.delivery.promotedAt === pendingDelivery.delivery.promotedAt &&
      now.delivery.asked?.request === pendingDelivery.delivery.asked?.request;
    return isSame ? { ...free, delivery: change(now.delivery) } : free;
  });
}

/** Has the current credential delivered to a consumer once more, at once. The same request counts once. */
export function askedAgain(
  consumer: Consumer,
  token: Token,
  asked: NonNullable<Delivery['asked']>,
): Consumer {
  const current = currentOf(token);
  if (!current || consumer.delivery?.asked?.request === asked.request) return consumer;
  return {
    ...consumer,
    delivery: {
      credentialId: current.id,
      promotedAt: promotionOf(token, current),
      asked,
      state: 'pending',
      tries: 0,
    },
  };
}
