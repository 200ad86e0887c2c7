import { ReplacePermit } from '../../core/issuer/replace-permit.ts';
import type { ReplacingSession } from '../../core/issuer/provider.ts';
import { permittedBy } from '../../core/revocation/urgency.ts';
import type { ValuePlace } from '../../core/secret-text/value-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { currentOf } from '../../core/token/lookups.ts';
import { HOUR, type Millis } from '../../core/basics/time.ts';
import { INDEX_VERSION } from '../inventory/credential-index.ts';
import { isRegisteredHere, versionWith } from '../inventory/registration.ts';
import { LIST_LAG } from '../revocation/complete-pass.ts';
import { otherObjection } from '../revocation/other-secrets.ts';
import { lookAround, secondLookObjection, type Look } from '../revocation/holders.ts';
import { holdingObjection } from '../revocation/holdings.ts';
import { notUnderstoodObjection } from '../revocation/not-understood.ts';
import { twinObjection } from '../revocation/own-secret.ts';
import { replicaObjection } from '../revocation/replicas.ts';
import { behind, refused, type Case, type Refusal, type Target } from '../revocation/target.ts';

/**
 * A pass of reconcile is as old at most: four hours from one to the next (settings, `reconcileInterval`), and
 * an hour for its own length.
 */
const PASS_WITHIN: Millis = 5 * HOUR;

/** The current credential of a token, which the creation of the next one ends. */
export interface Replacement {
  readonly tokenId: string;
  readonly current: Target;
  readonly session: ReplacingSession;
  readonly place: ValuePlace;
  /** Whether its policy permits it, as the tags are now. */
  readonly byPolicy: boolean;
}

/**
 * The guard before a creation that ends the current credential, which is then as a revocation of it: whatever
 * else needs that credential, in this secret or in any other, stops the creation. Its claim stands in the
 * record by then (`replacing`), so that who wants the credential back sees it, or is seen here. Everything is
 * looked at twice, records last, and little time lies between the last look and the permission. A leak that
 * the worker function took up passes what waits for other readers, as it does before a revocation.
 */
export async function permitReplacement(asked: Replacement, ports: Ports): Promise<ReplacePermit | Refusal> {
  const { tokenId, current, session, place, byPolicy } = asked;
  const loaded = await ports.inventory.load(tokenId);
  if (!loaded || currentOf(loaded.token)?.replacing === undefined)
    return behind('The creation is not claimed in the record.');
  const { permits } = await ports.inventory.loadPermits(tokenId);
  const one: Case = { token: loaded.token, target: current, session, place, permits };
  const look = await lookAround(tokenId, current, loaded.token.provider, ports);
  if ('revoked' in look) return look;
  const isExposed = permittedBy(loaded.token, current, permits) === 'exposed';
  const objection =
    (await ownObjection(look, one, ports)) ??
    (await otherObjection(look, one, ports)) ??
    (isExposed ? undefined : await patientObjection(look, one, ports));
  if (objection) return objection;
  if (!isExposed && !byPolicy)
    return refused('Neither its policy nor a leak permits that the current value ends.');
  return (
    (await secondLookObjection(look, one, ports)) ??
    new ReplacePermit(session.account, isExposed ? 'exposed' : 'policy')
  );
}

/** A creation of ours has ended the current one already: what the slot holds is in no secret. */
export function permitReissue(session: ReplacingSession): ReplacePermit {
  return new ReplacePermit(session.account, 'unfinished');
}

async function ownObjection(
  { own: { loaded, secret } }: Look,
  one: Case,
  ports: Ports,
): Promise<Refusal | undefined> {
  const { token } = loaded;
  if (!secret || secret.deletedAt !== undefined || !isRegisteredHere(secret, ports))
    return refused(`The secret of ${token.name} is not registered with this installation, or is deleted.`);
  const current = versionWith(secret, 'AWSCURRENT');
  if (current !== one.target.versionId || currentOf(token)?.id !== one.target.id)
    return behind('AWSCURRENT is not the version that the inventory has as current.');
  const versions = new Map([...secret.versions].filter(([versionId]) => versionId !== current));
  return (
    twinObjection(token, one, ports.now()) ??
    holdingObjection({ token, secret: { ...secret, versions }, permits: one.permits }, one, ports)
  );
}

/** What a leak does not wait for. */
async function patientObjection(look: Look, one: Case, ports: Ports): Promise<Refusal | undefined> {
  return (
    replicaObjection(one, look.own.secret, ports) ??
    (await pictureObjection(ports)) ??
    notUnderstoodObjection(one, ports)
  );
}

/** A pass that began lately saw every secret; what came since is claimed in a record, or sees our claim. */
async function pictureObjection(ports: Ports): Promise<Refusal | undefined> {
  if (!(await ports.inventory.isComplete()))
    return behind('The inventory is being rebuilt; no value ends until that is complete.');
  const pass = await ports.inventory.lastPass();
  const from = ports.now() - PASS_WITHIN - LIST_LAG;
  return pass && pass.index === INDEX_VERSION && pass.startedAt >= from
    ? undefined
    : behind('No value ends before a pass of reconcile has seen every secret lately.');
}
