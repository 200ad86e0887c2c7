import { createHash } from 'node:crypto';
import { KeyturnError } from '../../core/basics/errors.ts';
import {
  fingerprintFrom,
  fingerprintText,
  sealFrom,
  sealedText,
  valueOf,
} from '../../core/issuer/identity.ts';
import { markerOf } from '../../core/basics/names.ts';
import { parsePayload, parseWhereStamped, type Payload } from '../../core/secret-text/secret-text.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { ValuePlace } from '../../core/secret-text/value-place.ts';
import type { ListedCredential, Reach, Session } from '../../core/issuer/provider.ts';
import { Secret } from '../../core/basics/secret.ts';
import type { Credential } from '../../core/token/credential.ts';
import { identifiedBy } from './identified.ts';

type SealPorts = Pick<Ports, 'seals' | 'secrets' | 'installation'>;

/** One version's value and what can be proven of it. */
export interface Provenance {
  readonly value: Secret;
  readonly fingerprint: string;
  readonly payload: Payload;
  /** The issuer's name of the credential, where it is certain. */
  readonly handle: string | undefined;
  /** When the issuer made it, where that is known. */
  readonly createdAt?: number | undefined;
  /** `minted`: our seal is on it. `adopted`: the issuer told. */
  readonly origin: Credential['origin'];
  readonly expiresAt: number | undefined;
  /** Where it was made, under our seal, or where its issuer knew it. */
  readonly reach?: Reach | undefined;
}

/** The keyed hash under which a value is known. */
export function fingerprintOf(value: Secret, ports: Pick<Ports, 'seals'>): Promise<string> {
  return fingerprintOfDigest(digestOf(value), ports);
}

/**
 * SHA-256 of a value without the white space around it, hexadecimal in small letters: what is passed on of a
 * value that leaked.
 */
export function digestOf(value: Secret): string {
  return createHash('sha256').update(valueOf(value.reveal())).digest('hex');
}

/**
 * The same from the SHA-256 of a value, hexadecimal in small letters: all that a scanner has to send, and all
 * that anybody has to be trusted with.
 */
export async function fingerprintOfDigest(digest: string, ports: Pick<Ports, 'seals'>): Promise<string> {
  return fingerprintFrom(await ports.seals.of(new Secret(fingerprintText(digest))));
}

export async function sealOf(
  claim: Parameters<typeof sealedText>[0],
  ports: Pick<Ports, 'seals'>,
): Promise<string> {
  return sealFrom(await ports.seals.of(new Secret(sealedText(claim))));
}

/** Whether a stamp was written by this installation for exactly this secret, version, handle and value. */
async function isSealed(
  payload: Payload,
  claim: { secretArn: string; versionId: string; fingerprint: string },
  ports: SealPorts,
): Promise<boolean> {
  if (!payload.stamp) return false;
  const { handle, reach, seal } = payload.stamp;
  return seal === (await sealOf({ ...claim, handle, reach }, ports));
}

/**
 * Reads a version and finds out what it holds; undefined when it has no credential. Handles are believed only
 * from our own seal. Error: `secret-invalid` for a text that is not understood.
 */
export async function sealedProvenance(
  version: { secretArn: string; versionId: string; place: ValuePlace },
  ports: SealPorts,
): Promise<Provenance | undefined> {
  const text = await ports.secrets.read(version.secretArn, version.versionId);
  if (!text) return undefined;
  try {
    return await provenIn(parsePayload(text, version.place), version, ports);
  } catch (error) {
    // The tags may have changed since we wrote it: under our seal, the text itself tells where its value
    // stands.
    const proven = isMalformed(error) ? await ifUnderstood(whereStamped(text, version, ports)) : undefined;
    if (proven?.origin === 'minted') return proven;
    throw error;
  }
}

/**
 * Whether a version holds a text, and that is one without a value, such as `{}`. Error: `secret-invalid` for
 * a text that is not understood.
 */
export async function holdsNothing(
  version: { secretArn: string; versionId: string; place: ValuePlace },
  ports: Pick<SealPorts, 'secrets'>,
): Promise<boolean> {
  const text = await ports.secrets.read(version.secretArn, version.versionId);
  return text !== undefined && parsePayload(text, version.place).value === undefined;
}

async function whereStamped(
  text: Secret,
  version: { secretArn: string; versionId: string; place: ValuePlace },
  ports: SealPorts,
): Promise<Provenance | undefined> {
  const payload = parseWhereStamped({ text, place: version.place });
  return payload && provenIn(payload, version, ports);
}

async function provenIn(
  payload: Payload,
  version: { secretArn: string; versionId: string },
  ports: SealPorts,
): Promise<Provenance | undefined> {
  if (!payload.value) return undefined;
  const fingerprint = await fingerprintOf(payload.value, ports);
  const sealed = await isSealed(payload, { ...version, fingerprint }, ports);
  const stamp = sealed ? payload.stamp : undefined;
  return {
    value: payload.value,
    fingerprint,
    payload,
    handle: stamp?.handle,
    origin: sealed ? 'minted' : 'adopted',
    expiresAt: stamp?.expiresAt,
    reach: stamp?.reach,
  };
}

function isMalformed(error: unknown): boolean {
  return error instanceof KeyturnError && error.code === 'secret-invalid';
}

/**
 * The same, and where there is no seal the issuer is asked: by our marker for this very version, or by the
 * value.
 */
export async function provenance(
  version: { secretArn: string; versionId: string; place: ValuePlace },
  issuer: { session: Session; listed?: readonly ListedCredential[] | undefined } | undefined,
  ports: SealPorts,
): Promise<Provenance | undefined> {
  const sealed = await sealedProvenance(version, ports);
  if (!issuer || !sealed || sealed.handle !== undefined) return sealed;
  const told = await identifiedBy(issuer.session, sealed);
  const marked = markedCredential(issuer.listed ?? [], version, ports);
  const credential = told ?? marked;
  if (!credential) return sealed;
  const ours = sealed.origin === 'minted' || credential.handle === marked?.handle;
  return {
    ...sealed,
    handle: credential.handle,
    createdAt: credential.createdAt,
    origin: ours ? 'minted' : 'adopted',
    expiresAt: credential.expiresAt ?? sealed.expiresAt,
    reach: sealed.reach ?? issuer.session.reach,
  };
}

/**
 * What was found out of a version, or undefined where its text is not understood. For versions whose content
 * decides nothing by itself: what is not understood is never empty, so whoever is about to end or to
 * overwrite something does not use this.
 */
export async function ifUnderstood<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isMalformed(error)) return undefined;
    throw error;
  }
}

/** The one active credential that carries the marker of a version. */
export function markedCredential(
  listed: readonly ListedCredential[],
  version: { secretArn: string; versionId: string },
  ports: Pick<Ports, 'installation'>,
): ListedCredential | undefined {
  const marker = markerOf(ports.installation, version.secretArn, version.versionId);
  const marked = listed.filter((one) => one.active && one.name === marker);
  return marked.length === 1 ? marked[0] : undefined;
}
