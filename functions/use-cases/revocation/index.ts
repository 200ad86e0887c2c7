import { claimOn, isOnWayToEnd } from '../../core/revocation/claims.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { currentEndedByForcedRevocation } from '../../core/revocation/forced-revocations.ts';
import type { ValuePlace } from '../../core/secret-text/value-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { listOf, type Session } from '../../core/issuer/provider.ts';
import { SECOND, type Instant, type Millis } from '../../core/basics/time.ts';
import { currentOf, credentialOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { isEndPermitted, isOver } from '../../core/revocation/urgency.ts';
import { isRegisteredHere, versionWith } from '../inventory/registration.ts';
import { graceObjection } from './grace.ts';
import { holdingObjection } from './holdings.ts';
import { issuerObjection } from './issuer.ts';
import { lastLook } from './last-check.ts';
import { isReadableHere, isSameLook, lookAround, recordObjection, type Look } from './holders.ts';
import { wayOf, type Way } from './way.ts';
import { notUnderstoodObjection } from './not-understood.ts';
import { ageObjection, orderObjection } from './forced-revocation.ts';
import { pictureObjection } from './complete-pass.ts';
import { replicaObjection } from './replicas.ts';
import { behind, refused, type Case, type LastLook, type Refusal, type Verdict } from './target.ts';

export type { Verdict } from './target.ts';

export interface RevokeTarget {
  readonly tokenId: string;
  readonly credentialId: string;
}

/** Between the last read and the request that ends a credential lies no more than this. */
const LONGEST_GAP: Millis = 10 * SECOND;

/**
 * The guard: the one place in Keyturn from which a credential is revoked. It refuses when the credential is
 * or may be AWSCURRENT, the AWSPENDING of an open attempt, in grace, or labelled by a person, in this secret
 * or in any other whose record names it; when another installation's marker is on it, or nothing attributes
 * it to this token; before the picture of all secrets is complete; while a copy of the secret in another
 * Region has not got the current version; and when what took its place is not seen to work. One that is
 * AWSCURRENT is revoked only by a recorded order, of its policy as the tags are now, or of a person who ended
 * the token. A record only ever protects. What lets a credential be revoked is written by the worker
 * functions alone, where they alone may write.
 *
 * Everything is looked at once, the issuer included. Then secrets and records are read again, records last,
 * and have to be as they were: whoever wants the credential back writes that into a record first, so that one
 * of the two sees the other. `stale` refusals mean that the record is behind; `giveBack` ones that another
 * act needs the credential.
 */
export async function revoke(
  target: RevokeTarget,
  session: Session,
  place: ValuePlace,
  ports: Ports,
): Promise<Verdict> {
  const loaded = await ports.inventory.load(target.tokenId);
  const credential = loaded && credentialOf(loaded.token, target.credentialId);
  if (!loaded || !credential) return behind('The credential is not on record any more.');
  if (credential.handle === undefined)
    return refused('Nothing tells which credential at the issuer this is.');
  const { permits } = await ports.inventory.loadPermits(target.tokenId);
  const one: Case = {
    token: loaded.token,
    target: { ...credential, handle: credential.handle },
    session,
    place,
    permits,
  };
  if (!isOnWayToEnd(credential))
    return behind(`The credential ${credential.handle} is ${credential.state}, not claimed for its end.`);
  const look = await lookAround(target.tokenId, one.target, loaded.token.provider, ports);
  if ('revoked' in look) return look;
  if (look.own.loaded.revision !== loaded.revision) return behind('The record was changed meanwhile.');
  const objection =
    (await objectionIn(look, one, ports)) ??
    replicaObjection(one, look.own.secret, ports) ??
    (await pictureObjection(one, ports)) ??
    (await notUnderstoodObjection(one, ports)) ??
    (await listObjection(look, one, ports));
  if (objection) return objection;
  const looked = await lastLook(one, look.own.secret, ports);
  if (looked && 'revoked' in looked) return looked;
  const way = await wayOf(one, ports);
  return 'revoked' in way ? way : confirmed(look, one, { looked, way }, ports);
}

async function listObjection(look: Look, one: Case, ports: Ports): Promise<Refusal | undefined> {
  const listed = await listOf(one.session);
  return (
    (listed && issuerObjection(one, listed, ports)) ??
    ageObjection(one, listed, ports.now()) ??
    graceObjection(look, one, listed ?? 'no list', ports)
  );
}

/** Reads once more what may have changed since it was looked at, and only then sends the request. */
async function confirmed(
  look: Look,
  one: Case,
  { looked, way }: { readonly looked: LastLook | undefined; readonly way: Way },
  ports: Ports,
): Promise<Verdict> {
  const from = ports.now();
  const again = await lookAround(one.token.id, one.target, one.token.provider, ports);
  if ('revoked' in again) return again;
  if (!isSameLook(look, again)) return behind('Something changed while the credential was looked at.');
  if (ports.now() - from > LONGEST_GAP) return behind('Reading took too long: what was read may be over.');
  return revoked(way, looked);
}

/** An issuer's definite no is a refusal like ours; anything that may pass is thrown. */
async function revoked(way: Way, looked: LastLook | undefined): Promise<Verdict> {
  try {
    await (way.by === 'value' ? way.session.revoke(way.value) : way.session.revoke(way.handle));
    return { revoked: true, ...(looked && { looked }) };
  } catch (error) {
    if (!(error instanceof KeyturnError) || error.rule.retry) throw error;
    return refused(error.message, looked && { looked });
  }
}

async function objectionIn(look: Look, one: Case, ports: Ports): Promise<Refusal | undefined> {
  const own =
    (await ownObjection(look, one, ports)) ?? twinObjection(look.own.loaded.token, one, ports.now());
  if (own) return own;
  for (const other of look.others) {
    const objection = recordObjection(other, one, ports.now());
    if (objection) return objection;
    const { secret, loaded, permits } = other;
    const held = isReadableHere(secret, ports)
      ? await holdingObjection({ token: loaded.token, secret, permits }, one, ports)
      : undefined;
    if (held) return held;
  }
  return undefined;
}

/**
 * One credential may stand in a record twice: as lost, and as a version that consumers hold, in grace or
 * about to be current again.
 */
function twinObjection(token: Token, { target, permits }: Case, now: Instant): Refusal | undefined {
  const claim = claimOn(token, target, (other) => isOver(token, other, { permits, now }), target.id);
  return (
    claim && {
      ...behind(`The credential ${target.handle} is also the version ${claim.id}, which is ${claim.need}.`),
      giveBack: true,
    }
  );
}

/** What the token's own secret says against it. */
async function ownObjection(
  { own: { loaded, secret } }: Look,
  one: Case,
  ports: Ports,
): Promise<Refusal | undefined> {
  const { token } = loaded;
  const { target } = one;
  // What cannot be read any more no consumer has as AWSCURRENT. It is revoked when a person ended the token,
  // and not before.
  if ((!secret || secret.deletedAt !== undefined) && isEndPermitted(token, one.permits)) return undefined;
  if (!secret) throw new KeyturnError('not-found', `There is no secret ${token.secretArn}.`);
  if (!isRegisteredHere(secret, ports))
    return refused(`The secret ${secret.name} is not registered with this installation.`);
  if (secret.deletedAt !== undefined)
    return refused(`The secret ${secret.name} is scheduled for deletion; its values cannot be read.`);
  const current = versionWith(secret, 'AWSCURRENT');
  if (current !== currentOf(token)?.versionId && !isWithoutCurrent(token, current))
    return behind(
      'AWSCURRENT is not the version that the inventory has as current; the record is brought up to ' +
        'date first.',
    );
  const isOrdered = target.state === 'current';
  if (!isOrdered) return holdingObjection({ token, secret, permits: one.permits }, one, ports);
  const versions = new Map([...secret.versions].filter(([versionId]) => versionId !== current));
  return (
    (await orderObjection(token, secret, one, ports)) ??
    holdingObjection({ token, secret: { ...secret, versions }, permits: one.permits }, one, ports)
  );
}

/** Nothing is current on record: what the label still names was revoked by order of the policy. */
function isWithoutCurrent(token: Token, current: string | undefined): boolean {
  return currentOf(token) === undefined && currentEndedByForcedRevocation(token)?.versionId === current;
}
