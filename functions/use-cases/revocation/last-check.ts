import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Reach } from '../../core/issuer/provider.ts';
import { sameReach } from '../../core/issuer/reach.ts';
import { currentOf } from '../../core/token/lookups.ts';
import { isUnused, urgencyOf } from '../../core/revocation/urgency.ts';
import { askWhose } from '../evidence/ask-value.ts';
import { sealedProvenance, type Provenance } from '../rotation/provenance.ts';
import { probeOf } from '../rotation/probe-of.ts';
import { versionWith } from '../inventory/registration.ts';
import { refused, type Case, type LastLook, type Refusal } from './target.ts';

/**
 * Before the end of a credential that was ever AWSCURRENT, the value that AWSCURRENT names now is shown to
 * work, after the claim. Not asked for in an emergency, nor of what no consumer ever had.
 */
export async function lastLook(
  one: Case,
  secret: SecretDescription | undefined,
  ports: Ports,
): Promise<LastLook | Refusal | undefined> {
  const { token, target, permits } = one;
  if (urgencyOf(token, target, permits) !== undefined || isUnused(target, permits)) return undefined;
  const current = secret && versionWith(secret, 'AWSCURRENT');
  if (!secret || current === undefined)
    return refused(
      `Nothing has taken the place of the credential ${target.handle}: the secret has no current version.`,
    );
  const held = await sealedProvenance({ secretArn: secret.arn, versionId: current, place: one.place }, ports);
  if (!held)
    return refused(
      `Nothing has taken the place of the credential ${target.handle}: the current version ${current} ` +
        'holds no credential.',
    );
  const place = held.reach ?? currentOf(token)?.reach;
  const outcome = await askedAt(place, one, held, ports);
  const looked: LastLook = { at: ports.now(), outcome };
  if (outcome === 'active') return looked;
  if (outcome === 'inactive')
    return refused(
      `The issuer refuses the value that AWSCURRENT names: the credential ${target.handle} may be the ` +
        'last one that works.',
      { looked },
    );
  return refused(
    'Whether the value that AWSCURRENT names works could not be asked, and the credential ' +
      `${target.handle} may be the last one that does.`,
    { stale: true, looked },
  );
}

/**
 * The current value may have been made elsewhere than the one that is to end: it is asked about where it was
 * made, or, where that was not noted, where the grant leads now.
 */
async function askedAt(
  reach: Reach | undefined,
  { token, session }: Case,
  held: Provenance,
  ports: Pick<Ports, 'issuers'>,
): Promise<LastLook['outcome']> {
  const { provider, name, admin } = token;
  if (reach === undefined)
    return (await askWhose(token, held, await ports.issuers.open({ provider, name, admin }), ports)).probe
      .outcome;
  const there = sameReach(reach, session.reach)
    ? session
    : await ports.issuers.openAt({ provider, name, admin }, reach);
  return there ? (await probeOf(there, held)).outcome : 'unknown';
}
