import { likeness } from '../../core/issuer/likeness.ts';
import { markerPrefix } from '../../core/basics/names.ts';
import { formatInstant } from '../../core/basics/time.ts';
import { EXPIRED } from '../../core/validity/expiry.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { ListedCredential } from '../../core/issuer/provider.ts';
import { behind, refused, type Case, type Refusal } from './target.ts';

/** Every marker of every installation begins so. */
const ANY_MARKER = 'keyturn-';

/**
 * What the issuer's own list says against revoking a credential. The entry with its handle has to be this
 * very credential: a handle that was given out again is somebody else's. Where the issuer keeps names, one
 * that carries another's marker, or none although it was made under ours, is not ours to revoke.
 */
export function issuerObjection(
  { token, target }: Case,
  listed: readonly ListedCredential[],
  ports: Pick<Ports, 'installation' | 'descriptor' | 'now'>,
): Refusal | undefined {
  const entry = listed.find((one) => one.handle === target.handle);
  if (!entry)
    return target.reason === EXPIRED
      ? refused(`Its date is over, and the issuer lists the credential ${target.handle} no more.`, {
          isGone: true,
        })
      : undefined;
  if (likeness({ handle: target.handle, createdAt: target.createdAt }, entry) === 'different')
    return refused(
      `The issuer gave the name ${target.handle} to another credential, made later: this one is gone.`,
      { isGone: true },
    );
  if (entry.state === 'revoked' || entry.state === 'expired')
    return refused(`The issuer lists the credential ${target.handle} as ${entry.state}.`, { isGone: true });
  const { state, expiresAt } = entry;
  if (target.reason === EXPIRED && state === 'active' && (expiresAt === undefined || expiresAt > ports.now()))
    return {
      ...behind(
        `The issuer lists the credential ${target.handle} as active ` +
          `${expiresAt === undefined ? 'without a date' : `until ${formatInstant(expiresAt)}`}: ` +
          'it has not expired.',
      ),
      giveBack: true,
      isUndue: true,
    };
  if (ports.descriptor(token.provider)?.found !== 'name') return undefined;
  if (entry.name?.startsWith(markerPrefix(ports.installation, token.secretArn)) === true) return undefined;
  if (entry.name?.startsWith(ANY_MARKER) === true)
    return refused(`The credential ${target.handle} carries the marker of another token or installation.`);
  if (target.origin === 'found')
    return refused(`The credential ${target.handle} does not carry this token's marker.`);
  return target.origin === 'minted'
    ? refused(
        `The credential ${target.handle} was made under this token's marker and carries another name ` +
          'now: somebody renamed it, or it is another one.',
      )
    : undefined;
}
