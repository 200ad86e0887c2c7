import { isDelivered, type ConsumerKind, type DeclaredConsumer } from './consumers.ts';
import type { Consumer, Delivery } from './consumer-state.ts';
import { attemptOf, currentOf, type Generation, type Token } from '../token.ts';
import { HOUR, MINUTE, type Instant, type Millis } from '../time.ts';

/** A delivery is told of as failed after so many tries in a row. */
export const TELL_AFTER = 3;
/** And one that was sent, when its proof has not come after this long. */
export const PROOF_WITHIN = HOUR;
/** The longest wait between two tries, and the wait after a failure that does not pass by itself. */
const LONGEST_WAIT = HOUR;

/** What is to be brought to one consumer: the current generation, and how far that has come. */
export interface Errand {
  readonly consumer: Consumer;
  readonly generation: Generation & { readonly versionId: string };
  readonly delivery: Delivery;
}

/** Declared consumers, each with what was known of the same one: a changed kind or target makes another consumer of it. */
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

/** When a generation became current, as far as is known. */
export function promotionOf(token: Token, generation: Generation): Instant {
  return generation.promotedAt ?? token.enrolledAt;
}

/** What is still to be brought to a consumer; undefined when nothing is. A value its issuer refuses, or of a token that a person ended, is brought to nobody. */
export function errandOf(token: Token, consumer: Consumer): Errand | undefined {
  const current = currentOf(token);
  if (
    !isDelivered(consumer.kind) ||
    current?.versionId === undefined ||
    token.refusedSince !== undefined ||
    token.ending !== undefined
  )
    return undefined;
  const generation = { ...current, versionId: current.versionId };
  const promotedAt = promotionOf(token, current);
  const known = consumer.delivery;
  if (known && isOf(known, current, promotedAt))
    return known.state === 'proven' ? undefined : { consumer, generation, delivery: known };
  if (!known && !isNews(token, current)) return undefined;
  return {
    consumer,
    generation,
    delivery: { generationId: current.id, promotedAt, state: 'pending', tries: 0 },
  };
}

function isOf(delivery: Delivery, generation: Generation, promotedAt: Instant): boolean {
  return delivery.generationId === generation.id && delivery.promotedAt === promotedAt;
}

/** An adopted value its consumers have already; one whose rotation is on record, or that stands beside an older one which still lives, they may not have. */
function isNews(token: Token, current: Generation): boolean {
  return (
    attemptOf(token, current.id) !== undefined || token.generations.some((one) => one.state === 'previous')
  );
}

/** When a consumer is to be looked after again; undefined when there is nothing to bring. While one run brings something to it, no other does. */
export function errandAt(token: Token, consumer: Consumer): Instant | undefined {
  const errand = errandOf(token, consumer);
  return errand && Math.max(errand.delivery.lookAt ?? errand.delivery.promotedAt, consumer.busyUntil ?? 0);
}

/** Whether the current generation arrived at a consumer, and since when. */
export function arrivedAt(token: Token, consumer: Consumer): Instant | undefined {
  const current = currentOf(token);
  const known = consumer.delivery;
  return current && known?.state === 'proven' && isOf(known, current, promotionOf(token, current))
    ? known.provenAt
    : undefined;
}

/** Whether nothing is left to be brought to anybody. */
export function isDeliveredToAll(token: Token): boolean {
  return (token.consumers ?? []).every((one) => errandOf(token, one) === undefined);
}

/** Changes the delivery that an errand is about; one that is about another generation by now stays as it is. */
export function withDelivery(token: Token, errand: Errand, change: (delivery: Delivery) => Delivery): Token {
  return withConsumer(token, errand.consumer.name, (consumer) => {
    const { busyUntil: _busy, ...free } = consumer;
    const now = errandOf(token, consumer);
    const isSame =
      now !== undefined &&
      now.generation.id === errand.generation.id &&
      now.delivery.promotedAt === errand.delivery.promotedAt &&
      now.delivery.asked?.request === errand.delivery.asked?.request;
    return isSame ? { ...free, delivery: change(now.delivery) } : free;
  });
}

/** Has the current generation brought to a consumer once more, at once; asked twice under one request it is asked once. */
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
      generationId: current.id,
      promotedAt: promotionOf(token, current),
      asked,
      state: 'pending',
      tries: 0,
    },
  };
}

export type Problem = NonNullable<Delivery['problem']>;

/** A try that came to nothing: again later, and told of when it does not pass. */
export function failedDelivery(delivery: Delivery, problem: Problem, now: Instant): Delivery {
  const tries = delivery.tries + 1;
  const isTold = problem.lasting || tries >= TELL_AFTER;
  return {
    ...delivery,
    tries,
    problem,
    state: isTold ? 'failed' : delivery.state,
    lookAt: now + (problem.lasting ? LONGEST_WAIT : waitAfter(tries)),
  };
}

function waitAfter(tries: number): Millis {
  return Math.min(LONGEST_WAIT, MINUTE * 2 ** (tries - 1));
}

/** Notes of every consumer whose kind nobody here delivers to why it gets nothing, so that its owner hears of it. */
export function withoutCourier(token: Token, takes: (kind: ConsumerKind) => boolean, now: Instant): Token {
  const stranded =
    token.consumers?.filter((one) => !takes(one.kind) && (errandAt(token, one) ?? Infinity) <= now) ?? [];
  return stranded.reduce((doing, one) => {
    const errand = errandOf(doing, one);
    const message = `This installation does not deliver to consumers of the kind ${one.kind}: add it to delivery in keyturn.json, or correct the consumer.`;
    return errand
      ? withDelivery(doing, errand, (delivery) =>
          failedDelivery(delivery, { code: 'delivery-off', message, lasting: true }, now),
        )
      : doing;
  }, token);
}
