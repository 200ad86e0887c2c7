import type { Command } from '../../core/commands/commands.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { withReview } from '../../core/token/reviews.ts';
import { change } from '../inventory/store.ts';

/** A person approves of a token, or rejects it. */
export async function recordReview(
  { tokenId, notAfter, decision, reason, scopes }: Extract<Command, { kind: 'review' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  const review = {
    at: ports.now(),
    request: notAfter,
    by,
    decision,
    ...(reason === undefined ? {} : { reason }),
    ...(scopes && { scopes }),
  };
  await change(tokenId, ports, (token) => withReview(token, review));
}
