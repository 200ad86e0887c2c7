import type { ConsumerKind } from '../consumers/consumer-kinds.ts';
import type { Delivery } from '../consumers/consumer-state.ts';
import type { Token } from '../token/token.ts';
import { HOUR, MINUTE, type Instant, type Millis } from '../basics/time.ts';
import { pendingDeliveryOf, pendingDeliveryAt, withDelivery } from './deliveries.ts';

/** A delivery is reported as failed after so many tries in a row. */
export const TELL_AFTER = 3;

/** The longest wait between two tries, and the wait after a failure that does not pass by itself. */
const LONGEST_WAIT = HOUR;

export type Problem = NonNullable<Delivery['problem']>;

/** A try that came to nothing: again later, and reported when it does not pass. */
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

/** Notes for each consumer of a kind without a courier why it gets nothing, so that its owner is notified. */
export function withoutCourier(token: Token, takes: (kind: ConsumerKind) => boolean, now: Instant): Token {
  const stranded =
    token.consumers?.filter(
      (one) => !takes(one.kind) && (pendingDeliveryAt(token, one) ?? Infinity) <= now,
    ) ?? [];
  return stranded.reduce((doing, one) => {
    const pendingDelivery = pendingDeliveryOf(doing, one);
    const message =
      `This installation does not deliver to consumers of the kind ${one.kind}: add it to delivery in ` +
      'keyturn.json, or correct the consumer.';
    return pendingDelivery
      ? withDelivery(doing, pendingDelivery, (delivery) =>
          failedDelivery(delivery, { code: 'delivery-disabled', message, lasting: true }, now),
        )
      : doing;
  }, token);
}
