import { keepingLabel } from '../../core/token/kept-versions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Credential } from '../../core/token/credential.ts';
import { ifUnderstood, sealedProvenance, type Provenance } from './provenance.ts';
import { versionWith } from '../inventory/registration.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { ValuePlace } from '../../core/secret-text/value-place.ts';

/**
 * The credentials that staging labels show and the record does not know: current, previous and pinned
 * versions, and those that a person labelled.
 */
export async function visibleCredentials(
  { secret, place }: { readonly secret: SecretDescription; readonly place: ValuePlace },
  isKnown: (versionId: string) => boolean,
  ports: Pick<Ports, 'seals' | 'secrets' | 'installation' | 'now'>,
): Promise<Credential[]> {
  const shown = [...secret.versions].filter(
    ([version, labels]) => !isKnown(version) && labels.some(isLasting),
  );
  const found = await Promise.all(
    shown.map(async ([versionId]) => {
      const isCurrent = versionWith(secret, 'AWSCURRENT') === versionId;
      const held = sealedProvenance({ secretArn: secret.arn, versionId, place }, ports);
      // An old version may be the mistake that the current one corrects.
      const proof = await (isCurrent ? held : ifUnderstood(held));
      const label = isCurrent ? undefined : keepingLabel(secret.versions.get(versionId) ?? []);
      return (
        proof && {
          ...credentialFrom(proof, { versionId, isCurrent, now: ports.now() }),
          ...(label !== undefined && { kept: { label, since: ports.now() } }),
        }
      );
    }),
  );
  return found.filter((one) => one !== undefined);
}

function isLasting(label: string): boolean {
  return label !== 'AWSPENDING';
}

/** What the issuer knows, and what was made by us, needs no field that says whose it is. */
function isNamedByFields({ handle, reach, payload }: Provenance): boolean {
  return handle === undefined && reach === undefined && Object.keys(payload.beside).length > 0;
}

export function credentialFrom(
  proof: Provenance,
  seen: { versionId: string; isCurrent: boolean; now: number },
): Credential {
  return {
    id: seen.versionId,
    versionId: seen.versionId,
    handle: proof.handle,
    createdAt: proof.createdAt,
    origin: proof.origin,
    fingerprint: proof.fingerprint,
    expiresAt: proof.expiresAt,
    ...(proof.reach && { reach: proof.reach }),
    ...(isNamedByFields(proof) && { beside: proof.payload.beside }),
    ...(seen.isCurrent
      ? { state: 'current', promotedAt: seen.now }
      : { state: 'previous', supersededAt: seen.now }),
  };
}
