import { keepingLabel } from '../../core/token/kept-versions.ts';
import { likeness, type Likeness } from '../../core/issuer/likeness.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { isSetAside } from '../../core/basics/names.ts';
import { placeOf } from '../../core/secret-text/value-place.ts';
import { replacedSince } from '../../core/revocation/replaced-credentials.ts';
import type { Permits } from '../../core/revocation/permits.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import { attemptOf, credentialOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { urgencyOf } from '../../core/revocation/urgency.ts';
import { ifUnderstood, provenance, sealedProvenance } from '../rotation/provenance.ts';
import { behind, refused, type Case, type Refusal } from './target.ts';

/** A secret that may hold the credential, with what its record says of it. */
export interface Holding {
  readonly token: Token;
  readonly secret: SecretDescription;
  readonly permits: Permits;
}

/**
 * What the versions of a secret say against revoking a credential: each that carries a label counts. What the
 * record knows of a version speaks for the credential; against it, the value itself is asked, since a record
 * may only protect. A version of a text that cannot be read any more is what the record says.
 */
export async function holdingObjection(
  { token, secret, permits }: Holding,
  one: Case,
  ports: Ports,
): Promise<Refusal | undefined> {
  const isOnTrial = token.id === one.token.id && urgencyOf(one.token, one.target, one.permits) === 'trial';
  for (const [versionId, labels] of secret.versions) {
    const bearing =
      bearingOf({ token, permits }, versionId, labels) ??
      (isOnTrial ? `the version ${versionId}, although it was made on trial` : undefined);
    if (bearing === undefined || (token.id === one.token.id && isGivenUp(versionId, labels, one))) continue;
    const where = token.id === one.token.id ? bearing : `${bearing} of the secret ${secret.name}`;
    const objection = await versionObjection({ token, secret, permits }, { versionId, where }, one, ports);
    if (objection) return objection;
  }
  return undefined;
}

/** What was set aside for a person is revoked when it leaked, or when a person asked for its end. */
function isGivenUp(versionId: string, labels: readonly string[], { token, target, permits }: Case): boolean {
  const label = keepingLabel(labels);
  if (
    label === undefined ||
    !isSetAside(label) ||
    labels.includes('AWSCURRENT') ||
    target.versionId !== versionId
  )
    return false;
  const urgency = urgencyOf(token, target, permits);
  return urgency === 'exposed' || urgency === 'person';
}

/** In which capacity a version may be needed, in words; undefined for one that nothing needs. */
function bearingOf(
  { token, permits }: Pick<Holding, 'token' | 'permits'>,
  versionId: string,
  labels: readonly string[],
): string | undefined {
  if (labels.includes('AWSCURRENT')) return 'AWSCURRENT';
  // Once promoted, a version may keep the label; giving an attempt up takes it off before the record says so.
  if (labels.includes('AWSPENDING') && !replacedSince(permits, { id: versionId })) return 'AWSPENDING';
  const own = keepingLabel(labels);
  if (own !== undefined)
    return isSetAside(own)
      ? `the version ${versionId}, which a person staged and Keyturn set aside`
      : `the version ${versionId}, which a person labelled ${own}`;
  const isKnown =
    credentialOf(token, versionId) !== undefined || attemptOf(token, versionId)?.state === 'aborted';
  return isKnown ? undefined : `the version ${versionId}, which the inventory does not know`;
}

async function versionObjection(
  held: Holding,
  seen: { versionId: string; where: string },
  one: Case,
  ports: Ports,
): Promise<Refusal | undefined> {
  const { target } = one;
  const isOwn = held.token.id === one.token.id;
  if (isOwn && target.versionId === seen.versionId) return hit(target.handle, seen.where);
  const known = credentialOf(held.token, seen.versionId);
  const told = known ? likeness(known, target) : 'unknown';
  const answer = told === 'same' ? told : await readLikeness(held, { ...seen, told }, one, ports);
  if (answer === 'different') return undefined;
  if (answer === 'not understood')
    return refused(
      `The text of ${seen.where} is not understood: nothing tells whether the credential ` +
        `${target.handle} stands in it.`,
      { giveBack: true },
    );
  return answer === 'same'
    ? hit(target.handle, seen.where)
    : refused(`Nothing tells whether the credential ${target.handle} is ${seen.where}.`, { giveBack: true });
}

function hit(handle: string, where: string): Refusal {
  return { ...behind(`The credential ${handle} is ${where}.`), giveBack: true };
}

/** What neither the seal nor the issuer tells is what the record says. */
async function readLikeness(
  held: Holding,
  seen: { versionId: string; told: Likeness },
  one: Case,
  ports: Ports,
): Promise<Likeness | 'not understood'> {
  try {
    const read = await likenessOfVersion(held, seen.versionId, one, ports);
    const tellsNothing = read === 'unknown' || read === 'not understood';
    return tellsNothing && seen.told === 'different' ? 'different' : read;
  } catch (error) {
    const isUnreadable = error instanceof KeyturnError && !error.rule.retry;
    if (isUnreadable && seen.told === 'different') return 'different';
    throw error;
  }
}

/**
 * Reads a version. One that is empty holds nothing; one of another secret that cannot be read says no more
 * than its record did.
 */
export async function likenessOfVersion(
  { token, secret }: Pick<Holding, 'token' | 'secret'>,
  versionId: string,
  one: Case,
  ports: Ports,
): Promise<Likeness | 'not understood'> {
  const isOwn = token.id === one.token.id;
  const descriptor = ports.descriptor(token.provider);
  const place = isOwn || !descriptor ? one.place : placeOf(secret.tags, descriptor);
  try {
    const isOfIssuer = token.provider === one.token.provider;
    const held = await provenance(
      { secretArn: secret.arn, versionId, place },
      isOfIssuer ? { session: one.session } : undefined,
      ports,
    );
    return held ? likeness(held, one.target) : 'different';
  } catch (error) {
    if (!(error instanceof KeyturnError) || error.rule.retry) throw error;
    if (!isOwn) return 'different';
    if (error.code === 'secret-invalid')
      return isSetAsideIn(secret, versionId)
        ? likenessByText(secret.arn, versionId, one, ports)
        : 'not understood';
    throw error;
  }
}

function isSetAsideIn(secret: SecretDescription, versionId: string): boolean {
  return secret.versions.get(versionId)?.some(isSetAside) ?? false;
}

/**
 * A text that is not understood and that no consumer has holds up no end, unless the very value stands in it.
 */
async function likenessByText(
  secretArn: string,
  versionId: string,
  { target, place }: Case,
  ports: Ports,
): Promise<'same' | 'different' | 'unknown'> {
  const held =
    target.versionId === undefined
      ? undefined
      : await ifUnderstood(sealedProvenance({ secretArn, versionId: target.versionId, place }, ports));
  const text = await ports.secrets.read(secretArn, versionId);
  if (!held || !text) return 'unknown';
  return text.contains(held.value) ? 'same' : 'different';
}
