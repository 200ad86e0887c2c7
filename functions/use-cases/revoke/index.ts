import { claimOn, isDying } from '../../core/claims.ts';
import { isRetiring } from '../../core/ending.ts';
import { KeyturnError } from '../../core/errors.ts';
import { currentEndedByOrder, standingOrder } from '../../core/orders.ts';
import type { ValuePlace } from '../../core/payload/place.ts';
import type { Ports, SecretDescription } from '../../core/ports.ts';
import type { Session } from '../../core/provider.ts';
import { TAGS } from '../../core/tags.ts';
import { SECOND, type Millis } from '../../core/time.ts';
import { currentOf, generationOf, type Generation, type Token } from '../../core/token.ts';
import { provenance } from '../provenance.ts';
import { registered, versionWith } from '../registered.ts';
import { holdingObjection } from './holdings.ts';
import { issuerObjection } from './issuer.ts';
import { lastLook } from './last-look.ts';
import { isRegisteredHere, isSameLook, lookAround, recordObjection, type Look } from './look.ts';
import { pictureObjection } from './picture.ts';
import { replicaObjection } from './replicas.ts';
import { behind, refused, type Case, type LastLook, type Refusal, type Target, type Verdict } from './target.ts';

export type { Verdict } from './target.ts';

export interface RevokeTarget {
  readonly tokenId: string;
  readonly generationId: string;
}

/** Between the last read and the request that ends a credential lies no more than this. */
const LONGEST_GAP: Millis = 10 * SECOND;

/**
 * The guard: the one place in Keyturn from which a credential is killed. It refuses when the credential is or may be AWSCURRENT, the AWSPENDING of a live attempt,
 * in grace, or labelled by a person, in this secret or in any other whose record names it; when another installation's marker is on it, or nothing attributes it to this token;
 * before the picture of all secrets is complete; while a copy of the secret in another Region has not got the current version; and when what took its place is not seen to work. One that is AWSCURRENT dies only by a recorded order,
 * of its policy as the tags are now, or of a person who ended the token.
 *
 * Everything is looked at once, the issuer included. Then secrets and records are read again, records last, and have to be as they were: whoever wants the credential back
 * writes that into a record first, so that one of the two sees the other.
 * `stale` refusals mean that the record is behind; `giveBack` ones that another act needs the credential.
 */
export async function revoke(target: RevokeTarget, session: Session, place: ValuePlace, ports: Ports): Promise<Verdict> {
  const loaded = await ports.inventory.load(target.tokenId);
  const generation = loaded && generationOf(loaded.token, target.generationId);
  if (!loaded || !generation) return behind('The credential is not on record any more.');
  if (generation.handle === undefined) return refused('Nothing tells which credential at the issuer this is.');
  const one: Case = { token: loaded.token, target: { ...generation, handle: generation.handle }, session, place };
  if (!isDying(generation)) return behind(`The credential ${generation.handle} is ${generation.state}, not claimed for its end.`);
  const look = await lookAround(target.tokenId, one.target, loaded.token.provider, ports);
  if ('revoked' in look) return look;
  if (look.own.loaded.revision !== loaded.revision) return behind('The record was changed meanwhile.');
  const objection = (await objectionIn(look, one, ports)) ?? (await replicaObjection(one, look.own.secret, ports)) ?? (await pictureObjection(one, ports)) ?? issuerObjection(one, await session.list(), ports);
  if (objection) return objection;
  const looked = await lastLook(one, look.own.secret, ports);
  if (looked && 'revoked' in looked) return looked;
  return confirmed(look, one, looked, ports);
}

/** Reads once more what may have changed since it was looked at, and only then sends the request. */
async function confirmed(look: Look, one: Case, looked: LastLook | undefined, ports: Ports): Promise<Verdict> {
  const from = ports.now();
  const again = await lookAround(one.token.id, one.target, one.token.provider, ports);
  if ('revoked' in again) return again;
  if (!isSameLook(look, again)) return behind('Something changed while the credential was looked at.');
  if (ports.now() - from > LONGEST_GAP) return behind('Reading took too long: what was read may be over.');
  return killed(one.target.handle, one.session, looked);
}

/** An issuer's definite no is a refusal like ours; anything that may pass is thrown. */
async function killed(handle: string, session: Session, looked: LastLook | undefined): Promise<Verdict> {
  try {
    await session.revoke(handle);
    return { revoked: true, ...(looked && { looked }) };
  } catch (error) {
    if (!(error instanceof KeyturnError) || error.rule.retry) throw error;
    return refused(error.message, looked && { looked });
  }
}

async function objectionIn(look: Look, one: Case, ports: Ports): Promise<Refusal | undefined> {
  const own = (await ownObjection(look, one, ports)) ?? twinObjection(look.own.loaded.token, one.target);
  if (own) return own;
  for (const other of look.others) {
    const objection = recordObjection(other, one);
    if (objection) return objection;
    const { secret, loaded } = other;
    const held = isRegisteredHere(secret, ports) ? await holdingObjection({ token: loaded.token, secret }, one, ports) : undefined;
    if (held) return held;
  }
  return undefined;
}

/** One credential may stand in a record twice: as lost, and as a version that consumers hold, in grace or about to be current again. */
function twinObjection(token: Token, target: Target): Refusal | undefined {
  const claim = claimOn(token, target, target.id);
  return claim && { ...behind(`The credential ${target.handle} is also the version ${claim.id}, which is ${claim.need}.`), giveBack: true };
}

/** What the token's own secret says against it. */
async function ownObjection({ own: { loaded, secret } }: Look, one: Case, ports: Ports): Promise<Refusal | undefined> {
  const { token } = loaded;
  const { target } = one;
  // What nobody can read any more nobody has as AWSCURRENT; it dies when a person ended the token, and not before.
  if ((!secret || secret.deletedAt !== undefined) && isRetiring(token)) return undefined;
  if (!secret) throw new KeyturnError('not-found', `There is no secret ${token.secretArn}.`);
  if (secret.tags.get(TAGS.installation) !== ports.installation.name) return refused(`The secret ${secret.name} is not registered with this installation.`);
  if (secret.deletedAt !== undefined) return refused(`The secret ${secret.name} is scheduled for deletion; its values cannot be read.`);
  const current = versionWith(secret, 'AWSCURRENT');
  if (current !== currentOf(token)?.versionId && !isWithoutCurrent(token, current))
    return behind('AWSCURRENT is not the version that the inventory has as current; the record is brought up to date first.');
  const isOrdered = target.state === 'current';
  if (!isOrdered) return holdingObjection({ token, secret }, one, ports);
  const versions = new Map([...secret.versions].filter(([versionId]) => versionId !== current));
  return (await orderObjection(token, secret, one, ports)) ?? holdingObjection({ token, secret: { ...secret, versions } }, one, ports);
}

/** Nothing is current on record: the secret is empty, or what the label still names died by order of the policy. */
function isWithoutCurrent(token: Token, current: string | undefined): boolean {
  return currentOf(token) === undefined && (current === undefined || currentEndedByOrder(token)?.versionId === current);
}

/** The policy may order the end of a current credential, in words; then AWSCURRENT has to be this very one, and the order has to stand by the tags as they are. */
async function orderObjection(token: Token, secret: SecretDescription, { target, session, place }: Case, ports: Ports): Promise<Refusal | undefined> {
  const { policy } = registered(secret, ports);
  if (!standingOrder({ ...token, policy }, target satisfies Generation, ports.now())) return refused(`The credential ${target.handle} is AWSCURRENT, and no order of its policy stands that would let it die.`);
  const held = target.versionId && (await provenance({ secretArn: secret.arn, versionId: target.versionId, place }, { session }, ports));
  return held && held.handle === target.handle ? undefined : refused(`Nothing tells that AWSCURRENT is the credential ${target.handle}.`);
}
