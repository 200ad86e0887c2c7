import { KeyturnError } from '../basics/errors.ts';
import { areInTurn } from '../issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import { Secret } from '../basics/secret.ts';
import { TAGS } from '../policy/tags.ts';
import { carriesStamp, nextText } from './next-text.ts';
import { parsePayload, type Payload } from './secret-text.ts';
import { notedPlace, type ValuePlace } from './value-place.ts';

/** Bytes of UTF-8 (AWS Secrets Manager User Guide, quotas: "Length of a secret value"). */
export const MOST_BYTES = 65_536;
/**
 * For issuers that document no length. No consumer could send a longer one, since servers refuse the header
 * (Apache, LimitRequestFieldSize: 8,190 bytes; nginx, large_client_header_buffers: 8 KiB).
 */
export const LONGEST_VALUE = 8_190;
/** Longer than the name of a host, 253 (RFC 1035), and that of a resource beside it. */
const LONGEST_HANDLE = 512;
/** The parts of a place: those of a handle once more, and a client id beside them. */
const LONGEST_REACH = {
  host: 'h'.repeat(253),
  basePath: 'p'.repeat(128),
  account: 'a'.repeat(128),
  clientId: 'c'.repeat(128),
};
const LONGEST_COMPANION = 512;
/** An HMAC-SHA-256 in hexadecimal, with the number of its rule. */
const LONGEST_SEAL = 70;

type Facts = Pick<ProviderDescriptor, 'longestValue' | 'companions' | 'found' | 'identifies'> &
  Partial<Pick<ProviderDescriptor, 'slots'>>;

/**
 * Makes sure, before anything is created, that what will be made can be stored and told again.
 * Errors: `secret-invalid`, with the arithmetic, for a text that would be longer than Secrets Manager keeps;
 * for one that can carry no stamp, where nothing else tells whose its credential is; and for one that cannot
 * say which of several names the value belongs to.
 */
export function requireStorable(previous: Payload, issuer: Facts): void {
  requireRoomForNames(previous, issuer);
  if (!carriesStamp(previous) && !isToldWithoutStamp(issuer))
    throw new KeyturnError(
      'secret-invalid',
      'The secret is plain text, which has no room for what Keyturn notes beside a token, and the ' +
        'issuer can tell neither by name nor by value which token it is: store it as JSON.',
    );
  const longest = issuer.longestValue ?? LONGEST_VALUE;
  const now = bytesOf(previous.text.reveal());
  const next = bytesOf(nextText(previous, longestMade(issuer, longest, previous.place)).reveal());
  if (next <= MOST_BYTES) return;
  throw new KeyturnError(
    'secret-invalid',
    `The secret has ${now} bytes; with a new token of up to ${longest} bytes and what Keyturn notes ` +
      `beside it, it would have up to ${next}, and Secrets Manager keeps ${MOST_BYTES}: take ` +
      `${next - MOST_BYTES} bytes out of it.`,
  );
}

/** Where slots are used in turn, each value comes with another name, which stands beside it in JSON alone. */
function requireRoomForNames(previous: Payload, { slots, companions = [] }: Facts): void {
  if (slots === undefined || !areInTurn(slots)) return;
  const names = companions.join(' and ');
  if (!carriesStamp(previous))
    throw new KeyturnError(
      'secret-invalid',
      `The secret is plain text, which has no room for ${names}: that changes with each rotation, so ` +
        'store it as JSON.',
    );
  if (previous.place.format !== undefined)
    throw new KeyturnError(
      'secret-invalid',
      `The tag ${TAGS.format} keeps the text around the value as it is, and ${names} changes with each ` +
        'rotation: remove the tag.',
    );
}

/**
 * Where a stamp is missing, the issuer has to tell which credential a version holds: by the name that Keyturn
 * gave it, or by the value.
 */
export function isToldWithoutStamp({
  found,
  identifies,
}: Pick<ProviderDescriptor, 'found' | 'identifies'>): boolean {
  return found === 'name' || identifies;
}

/**
 * Why a text that was made is not to be stored, in words that follow on the name of its issuer; undefined
 * when it can be.
 */
export function faultOf(next: Secret, value: Secret, place: ValuePlace): string | undefined {
  if (bytesOf(next.reveal()) > MOST_BYTES)
    return (
      'made a token that is too long to be stored: with it the secret would have ' +
      `${bytesOf(next.reveal())} bytes, and Secrets Manager keeps ${MOST_BYTES}`
    );
  return readsAs(next, value, place)
    ? undefined
    : 'made a token that could not be told from what stands around it in the secret';
}

function readsAs(next: Secret, value: Secret, place: ValuePlace): boolean {
  try {
    return parsePayload(next, place).value?.equals(value) ?? false;
  } catch (error) {
    if (error instanceof KeyturnError) return false;
    throw error;
  }
}

function longestMade(
  { companions = [] }: Facts,
  longest: number,
  place: ValuePlace,
): Parameters<typeof nextText>[1] {
  const stamp = {
    handle: 'h'.repeat(LONGEST_HANDLE),
    mintedAt: Number.MAX_SAFE_INTEGER,
    expiresAt: Number.MAX_SAFE_INTEGER,
    seal: 's'.repeat(LONGEST_SEAL),
    reach: LONGEST_REACH,
    ...notedPlace(place),
  };
  return {
    value: new Secret('v'.repeat(longest)),
    fields: Object.fromEntries(companions.map((name) => [name, 'c'.repeat(LONGEST_COMPANION)])),
    stamp,
  };
}

/** The length of a text, in bytes of UTF-8. */
export function lengthOf(text: Secret): number {
  return bytesOf(text.reveal());
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
