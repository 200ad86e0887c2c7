import { permitOf } from '../../core/revocation/permits.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import { waitsForReplicas } from '../../core/revocation/replica-waits.ts';
import {
  heldBy,
  replicaSubject,
  replicaText,
  replicasNow,
  replicasOfBoth,
} from '../../core/token/replicas.ts';
import { behind, type Case, type Refusal } from './target.ts';

/**
 * Consumers in another Region read the copy there: while one has not got the current version, or is not there
 * any more, they may still have the old credential. A person's word ends the wait, for the copy as it was
 * then; it is read where `worker` alone may write, and so is since when the copy is as it is.
 */
export function replicaObjection(
  { token, target, permits }: Case,
  secret: SecretDescription | undefined,
  ports: Pick<Ports, 'now'>,
): Refusal | undefined {
  if (!secret || !waitsForReplicas(token, target, permits)) return undefined;
  const recorded = replicasNow(token.replicas ?? [], secret.replicas, ports.now());
  const seen = permits.copies && replicasNow(permits.copies, secret.replicas, ports.now());
  const wanting = replicasOfBoth(seen ?? [], recorded).filter((one) => one.status !== 'InSync');
  if (wanting.length === 0) return undefined;
  const isPermitted = (one: (typeof wanting)[number]): boolean =>
    (permitOf(permits, 'replica', replicaSubject(one.region))?.at ?? -Infinity) >= one.since;
  const [first] = [...heldBy(wanting), ...wanting.filter((one) => !isPermitted(one))];
  return (
    first &&
    behind(`${replicaText(first)}, and consumers there may still have the credential ${target.handle}.`)
  );
}
