import type { Secret } from '../../core/basics/secret.ts';
import type { Probe, Session } from '../../core/issuer/provider.ts';
import type { Payload } from '../../core/secret-text/secret-text.ts';

/** A value, and what stands beside it in its secret. */
export interface HeldValue {
  readonly value: Secret;
  readonly payload: Pick<Payload, 'beside'>;
}

/**
 * Asks whether the issuer accepts the value of a version, with what stands beside it: some are asked about
 * under the name there. Nothing else asks a session about a value that is stored.
 */
export function probeOf(session: Session, held: HeldValue): Promise<Probe> {
  return session.probe(held.value, held.payload.beside);
}
