import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { ValuePlace } from '../../core/secret-text/value-place.ts';
import { versionWith } from '../inventory/registration.ts';
import { sealedProvenance, type Provenance } from './provenance.ts';

/**
 * What AWSCURRENT holds; undefined where there is no such version, or no credential in it. Error:
 * `secret-invalid` for a text that is not understood.
 */
export async function currentValue(
  secret: SecretDescription,
  place: ValuePlace,
  ports: Ports,
): Promise<Provenance | undefined> {
  const versionId = versionWith(secret, 'AWSCURRENT');
  if (versionId === undefined) return undefined;
  return sealedProvenance({ secretArn: secret.arn, versionId, place }, ports);
}
