/** What the record of a token says after a try to deliver: sent, confirmed, failed or stale. */
import type { Passage } from '../../core/delivery/courier.ts';
import { failedDelivery } from '../../core/delivery/delivery-tries.ts';
import { withConsumer, withDelivery, type PendingDelivery } from '../../core/delivery/deliveries.ts';
import type { KeyturnError } from '../../core/basics/errors.ts';
import { lookedAtAgain } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import type { Token } from '../../core/token/token.ts';

/** What came of one try. */
export type Outcome =
  | Passage
  | { readonly outcome: 'failed'; readonly error: KeyturnError }
  | { readonly outcome: 'stale' };

/** The token, with what came of one try at a moment. */
export function withOutcome(
  token: Token,
  pendingDelivery: PendingDelivery,
  seen: Outcome,
  now: number,
): Token {
  const { consumer, credential, delivery } = pendingDelivery;
  const { name } = consumer;
  switch (seen.outcome) {
    case 'stale':
      return withConsumer(token, name, ({ busyUntil: _busy, ...free }) => free);
    case 'failed':
      return withDelivery(token, pendingDelivery, (one) =>
        failedDelivery(
          one,
          { code: seen.error.code, message: seen.error.message, lasting: !seen.error.rule.retry },
          now,
        ),
      );
    case 'sent':
      return withDelivery(token, pendingDelivery, (one) => ({
        ...one,
        state: 'sent',
        tries: 0,
        problem: undefined,
        sentAt: one.sentAt ?? now,
        receipt: seen.receipt,
        lookAt: seen.lookAt,
      }));
    case 'proven': {
      const proven = withDelivery(token, pendingDelivery, (one) => ({
        ...one,
        state: 'proven',
        tries: 0,
        problem: undefined,
        lookAt: undefined,
        sentAt: one.sentAt ?? now,
        provenAt: now,
      }));
      return telling(lookedAtAgain(proven), {
        what: 'delivered',
        about: `${name}/${credential.id}/${delivery.asked?.request ?? delivery.promotedAt}`,
        detail: `${name} has version ${credential.id}: ${seen.proof}`,
        by: 'keyturn',
        at: now,
      });
    }
  }
}
