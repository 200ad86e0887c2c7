import { sameValue } from '../../core/issuer/identity.ts';
import type { Proof } from '../../core/validity/inactivity-proof.ts';
import { likeness } from '../../core/issuer/likeness.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { placeOf } from '../../core/secret-text/value-place.ts';
import { sameReach } from '../../core/issuer/reach.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { ifUnderstood, sealedProvenance, type Provenance } from '../rotation/provenance.ts';
import { isReadableHere } from './holders.ts';
import { describedOrGone } from '../open-token/open-token.ts';

/**
 * What other tokens of the installation know of a credential: that it was verified as inactive, or its value,
 * which their secret still holds.
 */
export type Elsewhere = { readonly proof: Proof } | { readonly held: Provenance };

/**
 * Asks the records and secrets of other tokens about a credential whose own secret cannot be read any more.
 * Undefined where none of them knows it. Errors: those of the inventory and of Secrets Manager.
 */
export async function knownElsewhere(
  token: Token,
  one: Credential,
  ports: Ports,
): Promise<Elsewhere | undefined> {
  const byValue = one.fingerprint === undefined ? [] : await ports.inventory.traced(one.fingerprint);
  const byHandle =
    one.handle === undefined
      ? []
      : (await ports.inventory.holders(token.provider, one.handle)).map(({ tokenId }) => tokenId);
  let held: Provenance | undefined;
  for (const id of new Set([...byValue, ...byHandle])) {
    const other = id === token.id ? undefined : (await ports.inventory.load(id))?.token;
    const twins =
      other?.provider === token.provider ? other.credentials.filter((twin) => isSurely(twin, one)) : [];
    const ended = twins.find(
      (twin) => twin.state === 'ended' && twin.forgotten === undefined && twin.proof !== undefined,
    );
    if (ended?.proof !== undefined) return { proof: ended.proof };
    if (other) held ??= await valueHeldBy(other, twins, one, ports);
  }
  return held && { held };
}

/**
 * Doubt proves nothing: the value is equal, or the name and the date at which the issuer made it are, and
 * neither was made at another place.
 */
function isSurely(twin: Credential, one: Credential): boolean {
  const isElsewhere =
    twin.reach !== undefined && one.reach !== undefined && !sameReach(twin.reach, one.reach);
  const isDated = twin.createdAt !== undefined && one.createdAt !== undefined;
  return (
    !isElsewhere &&
    (sameValue(twin.fingerprint, one.fingerprint) === 'same' ||
      (isDated &&
        likeness(
          { handle: twin.handle, createdAt: twin.createdAt },
          { handle: one.handle, createdAt: one.createdAt },
        ) === 'same'))
  );
}

async function valueHeldBy(
  other: Token,
  twins: readonly Credential[],
  one: Credential,
  ports: Ports,
): Promise<Provenance | undefined> {
  const secret = await describedOrGone(other, ports);
  if (!isReadableHere(secret, ports)) return undefined;
  const place = placeOf(secret.tags, ports.issuers.provider(other.provider).descriptor);
  for (const { versionId } of twins) {
    const held =
      versionId === undefined
        ? undefined
        : await ifUnderstood(sealedProvenance({ secretArn: secret.arn, versionId, place }, ports));
    if (held && sameValue(held.fingerprint, one.fingerprint) === 'same') return held;
  }
  return undefined;
}
