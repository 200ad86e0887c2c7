import { permitFor } from '../../core/revocation/permits.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { MINUTE, formatInstant, type Millis } from '../../core/basics/time.ts';
import { urgencyOf } from '../../core/revocation/urgency.ts';
import { INDEX_VERSION } from '../inventory/credential-index.ts';
import { behind, type Case, type Refusal } from './target.ts';

/**
 * ListSecrets "might not reflect changes from the last five minutes" (Secrets Manager API Reference,
 * "ListSecrets").
 */
export const LIST_LAG: Millis = 5 * MINUTE;

/**
 * Emergencies apart, nothing is revoked before a whole pass of reconcile went through every registered secret
 * and found each record to be what its secret shows: one that began after the claim, as the worker function
 * dated it, and under the index as it is now.
 */
export async function pictureObjection(
  { token, target, permits }: Case,
  ports: Ports,
): Promise<Refusal | undefined> {
  if (!(await ports.inventory.isComplete()))
    return behind('The inventory is being rebuilt; nothing is revoked until that is complete.');
  if (urgencyOf(token, target, permits) !== undefined) return undefined;
  const claim = permitFor(permits, 'claim', target);
  if (!claim)
    return behind(`The worker function has not claimed the credential ${target.handle} for its end.`);
  const pass = await ports.inventory.lastPass();
  const from = claim.at + LIST_LAG;
  if (pass && pass.index === INDEX_VERSION && pass.startedAt >= from) return undefined;
  return behind(
    `Nothing is revoked before a pass of reconcile that began after ${formatInstant(from)} has seen ` +
      'every secret.',
  );
}
