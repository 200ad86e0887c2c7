import { consumerText } from '../consumers/consumers.ts';
import { PROOF_WITHIN, pendingDeliveryOf } from '../delivery/deliveries.ts';
import type { Observation } from '../findings/findings.ts';
import type { Token } from '../token/token.ts';
import { formatInstant, type Instant } from '../basics/time.ts';

/**
 * A consumer that does not get the new value is in no danger while the old one is active, and the old one
 * stays active until it has it.
 */
export function assessDeliveries(token: Token, now: Instant): Observation[] {
  return (token.consumers ?? []).flatMap((consumer): Observation[] => {
    const delivery = pendingDeliveryOf(token, consumer)?.delivery;
    const isLate = delivery?.state === 'sent' && now >= (delivery.sentAt ?? now) + PROOF_WITHIN;
    if (delivery?.state !== 'failed' && !isLate) return [];
    const why =
      delivery.problem?.message ??
      `it was sent ${formatInstant(delivery.sentAt ?? now)} and nothing shows that it arrived.`;
    return [
      {
        kind: 'delivery-failed',
        subject: consumer.name,
        severity: 'warning',
        detail:
          `The consumer ${consumer.name} (${consumerText(consumer)}) has not received version ` +
          `${delivery.credentialId}: ${why}`,
      },
    ];
  });
}
