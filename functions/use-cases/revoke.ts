import { isRetiring } from '../core/ending.ts';
import { KeyturnError } from '../core/errors.ts';
import type { Ports, SecretDescription } from '../core/ports.ts';
import { markerPrefix } from '../core/names.ts';
import { currentEndedByOrder, standingOrder } from '../core/orders.ts';
import { sameValue } from '../core/identity.ts';
import type { ValuePlace } from '../core/payload/place.ts';
import type { Session } from '../core/provider.ts';
import { TAGS } from '../core/tags.ts';
import { attemptOf, currentOf, generationOf, isUnderWay, type Generation, type Token } from '../core/token.ts';
import { provenance, type Provenance } from './provenance.ts';
import { registered, versionWith } from './registered.ts';

/** What the gate decided. A refusal says in one sentence what stands against it. */
export type Verdict = { readonly revoked: true } | { readonly revoked: false; readonly reason: string; readonly stale: boolean };

export interface RevokeTarget {
  readonly tokenId: string;
  readonly generationId: string;
}

/**
 * The gate: the one place in Keyturn from which a credential is killed. Everything is read anew, Secrets Manager last,
 * and the revoke is refused when the credential is or may be AWSCURRENT, the AWSPENDING of a live attempt, another token's or
 * another installation's, or when nothing attributes it to this token. One that is AWSCURRENT dies only by a recorded order: of its policy, which has to stand
 * by the tags as they are now, or of a person who ended the token; all else is asked of it as of any other. `stale` refusals mean that the record is behind Secrets Manager.
 */
export async function revoke(target: RevokeTarget, session: Session, place: ValuePlace, ports: Ports): Promise<Verdict> {
  if (!(await ports.inventory.isComplete())) return refused('The inventory is being rebuilt; nothing is revoked until that is complete.', true);
  const loaded = await ports.inventory.load(target.tokenId);
  const generation = loaded && generationOf(loaded.token, target.generationId);
  if (!loaded || !generation) return refused('The credential is not on record any more.', true);
  const handle = generation.handle;
  if (handle === undefined) return refused('Nothing tells which credential at the issuer this is.', false);
  if (generation.state !== 'revoking' && !isOrdered(generation)) return refused(`The credential ${handle} is ${generation.state}, not claimed for its end.`, true);
  const reason = (await heldElsewhere(loaded.token, handle, ports)) ?? (await issuerObjection(loaded.token, generation, session, ports));
  if (reason !== undefined) return refused(reason, false);
  const dying = { ...generation, handle };
  const objection = (await secretObjection(loaded.token, dying, { session, place }, ports)) ?? twinObjection(loaded.token, dying);
  if (objection !== undefined) return objection;
  return killed(handle, session);
}

function isOrdered(generation: Generation): boolean {
  return generation.state === 'current' && generation.order !== undefined;
}

/** An issuer's definite no is a refusal like ours; anything that may pass is thrown. */
async function killed(handle: string, session: Session): Promise<Verdict> {
  try {
    await session.revoke(handle);
    return { revoked: true };
  } catch (error) {
    if (!(error instanceof KeyturnError) || error.rule.retry) throw error;
    return refused(error.message, false);
  }
}

function refused(reason: string, stale: boolean): Verdict {
  return { revoked: false, reason, stale };
}

async function heldElsewhere(token: Token, handle: string, ports: Ports): Promise<string | undefined> {
  const holders = await ports.inventory.holders(token.provider, handle);
  const other = holders.find((one) => one.tokenId !== token.id && !one.released);
  return other && `The credential ${handle} is also held by the token ${other.tokenId}.`;
}

/** Where the issuer keeps names, a credential that carries somebody else's marker is never ours to kill, whatever a record says. */
async function issuerObjection(token: Token, generation: Generation, session: Session, ports: Ports): Promise<string | undefined> {
  if (ports.descriptor(token.provider)?.lostMint !== 'by-marker') return undefined;
  const listed = (await session.list()).find((one) => one.handle === generation.handle);
  if (!listed || listed.name?.startsWith(markerPrefix(ports.installation, token.secretArn))) return undefined;
  if (listed.name?.startsWith('keyturn-')) return `The credential ${generation.handle} carries the marker of another token or installation.`;
  return generation.origin === 'found' ? `The credential ${generation.handle} does not carry this token's marker.` : undefined;
}

type Target = Generation & { readonly handle: string };
/** One credential may stand in a record twice: as lost, and as a version that consumers hold, in grace or about to be current again. */
function twinObjection(token: Token, target: Target): Verdict | undefined {
  const twin = token.generations.find((one) => one.id !== target.id && one.handle === target.handle && one.state !== 'revoking' && one.state !== 'dead');
  return twin && refused(`The credential ${target.handle} is also the version ${twin.id}, which is ${twin.state}.`, true);
}

type Reader = { readonly session: Session; readonly place: ValuePlace };

/** Reads Secrets Manager and says what stands against killing the credential. */
async function secretObjection(token: Token, target: Target, reader: Reader, ports: Ports): Promise<Verdict | undefined> {
  const secret = await describedOrGone(token, ports);
  if (!secret) return undefined;
  if (secret.tags.get(TAGS.installation) !== ports.installation.name) return refused(`The secret ${secret.name} is not registered with this installation.`, false);
  // What nobody can read any more nobody has as AWSCURRENT; it dies when a person ended the token, and not before.
  if (secret.deletedAt !== undefined && isRetiring(token)) return undefined;
  if (secret.deletedAt !== undefined) return refused(`The secret ${secret.name} is scheduled for deletion; its values cannot be read.`, false);
  const current = versionWith(secret, 'AWSCURRENT');
  const pending = versionWith(secret, 'AWSPENDING');
  if (current !== currentOf(token)?.versionId && !isWithoutCurrent(token, current))
    return refused('AWSCURRENT is not the version that the inventory has as current; the record is brought up to date first.', true);
  if (current !== undefined) {
    const objection = await (isOrdered(target) ? orderObjection({ token, secret, target }, reader, ports) : versionObjection(secret, { versionId: current, label: 'AWSCURRENT', target }, reader, ports));
    if (objection) return objection;
  }
  if (pending !== undefined && pending !== current && isLiveAttempt(token, pending)) {
    const objection = await versionObjection(secret, { versionId: pending, label: 'AWSPENDING', target }, reader, ports);
    if (objection) return objection;
  }
  return strangerObjection({ token, secret, target }, reader, ports);
}

/** Undefined for a secret that is gone for good, when a person ended the token: the record alone tells what is left of it. Error: `not-found`. */
async function describedOrGone(token: Token, ports: Ports): Promise<SecretDescription | undefined> {
  try {
    return await ports.secrets.describe(token.secretArn);
  } catch (error) {
    if (isRetiring(token) && error instanceof KeyturnError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** A labelled version that the record knows nothing of may be one in grace: since the record was restored, or since a person moved labels. */
async function strangerObjection(seen: { token: Token; secret: SecretDescription; target: Target }, reader: Reader, ports: Ports): Promise<Verdict | undefined> {
  const { token, secret, target } = seen;
  const isKnown = (id: string): boolean => id === target.versionId || generationOf(token, id) !== undefined || attemptOf(token, id)?.state === 'aborted';
  for (const versionId of secret.versions.keys()) {
    if (isKnown(versionId)) continue;
    const label = `the version ${versionId}, which the inventory does not know`;
    const objection = await versionObjection(secret, { versionId, label, target }, reader, ports);
    if (objection) return objection;
  }
  return undefined;
}

/** A pending version is left alone unless its attempt is on record as given up. */
function isLiveAttempt(token: Token, pending: string): boolean {
  const attempt = attemptOf(token, pending);
  return attempt === undefined || (isUnderWay(attempt) && attempt.state !== 'aborting');
}

/** Nothing is current on record: the secret is empty, or what the label still names died by order of the policy. */
function isWithoutCurrent(token: Token, current: string | undefined): boolean {
  return currentOf(token) === undefined && (current === undefined || currentEndedByOrder(token)?.versionId === current);
}

/** The policy may order the end of a current credential, in words; then AWSCURRENT has to be this very one, and the order has to stand by the tags as they are. */
async function orderObjection(seen: { token: Token; secret: SecretDescription; target: Target }, reader: Reader, ports: Ports): Promise<Verdict | undefined> {
  const { token, secret, target } = seen;
  const { policy } = registered(secret, ports);
  if (!standingOrder({ ...token, policy }, target, ports.now())) return refused(`The credential ${target.handle} is AWSCURRENT, and no order of its policy stands that would let it die.`, false);
  const held = target.versionId && (await provenance({ secretArn: secret.arn, versionId: target.versionId, place: reader.place }, reader, ports));
  return held && held.handle === target.handle ? undefined : refused(`Nothing tells that AWSCURRENT is the credential ${target.handle}.`, false);
}

async function versionObjection(
  secret: SecretDescription,
  against: { versionId: string; label: string; target: Target },
  reader: Reader,
  ports: Ports,
): Promise<Verdict | undefined> {
  const { versionId, label, target } = against;
  if (target.versionId === versionId) return refused(`The credential ${target.handle} is ${label}.`, true);
  const held = await heldBy({ secretArn: secret.arn, versionId, place: reader.place }, reader, ports);
  if (held === 'not-understood') return refused(`The text of ${label} is not understood: nothing tells whether the credential ${target.handle} stands in it.`, false);
  if (!held) return undefined;
  if (held.handle === target.handle) return refused(`The credential ${target.handle} is ${label}.`, true);
  return isOther(held, target) ? undefined : refused(`Nothing tells whether the credential ${target.handle} is ${label}.`, false);
}

async function heldBy(version: { secretArn: string; versionId: string; place: ValuePlace }, reader: Reader, ports: Ports): Promise<Provenance | 'not-understood' | undefined> {
  try {
    return await provenance(version, reader, ports);
  } catch (error) {
    if (error instanceof KeyturnError && error.code === 'secret-malformed') return 'not-understood';
    throw error;
  }
}

/** Two credentials are different when both handles are known, or both values are. */
function isOther(held: Provenance, target: Target): boolean {
  if (held.handle !== undefined) return true;
  return sameValue(target.fingerprint, held.fingerprint) === 'different';
}
