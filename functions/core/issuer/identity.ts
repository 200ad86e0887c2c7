import type { Reach } from './provider.ts';
import { sealedReach } from './reach.ts';

/**
 * What makes two values one credential, and two claims one seal. Each text that is hashed carries the number
 * of the rule it was made by, and so does what is kept of it: two that differ say something only where one
 * rule made both.
 */

/** 3: the value without the white space around it. */
const FINGERPRINT_RULE = 3;
/** 3: over the place where the credential was made, too. */
const SEAL_RULE = 3;

/**
 * A value without what stands around it: white space and line ends as ECMAScript has them (ECMA-262,
 * WhiteSpace and LineTerminator: all of Unicode's space separators, tabs, line and paragraph separators), and
 * the byte order mark. Everything that reads a value uses this.
 */
export function valueOf(text: string): string {
  return text.trim();
}

/**
 * The text whose keyed hash is the fingerprint of a value with this SHA-256, hexadecimal in small letters.
 */
export function fingerprintText(digest: string): string {
  return `keyturn-fingerprint-${FINGERPRINT_RULE}\n${digest}`;
}

/** What is kept of that hash, hexadecimal: `3:…`. */
export function fingerprintFrom(hash: string): string {
  return `${FINGERPRINT_RULE}:${hash}`;
}

/** The text that a seal covers: whoever changes any part of it breaks the seal. */
export function sealedText(claim: {
  secretArn: string;
  versionId: string;
  handle: string | undefined;
  fingerprint: string;
  reach: Reach | undefined;
}): string {
  return JSON.stringify([
    `keyturn-seal-${SEAL_RULE}`,
    claim.secretArn,
    claim.versionId,
    claim.handle ?? null,
    claim.fingerprint,
    sealedReach(claim.reach),
  ]);
}

/** What is kept of its hash, hexadecimal: `3:…`. */
export function sealFrom(hash: string): string {
  return `${SEAL_RULE}:${hash}`;
}

/** The beginning of a fingerprint, for people: enough to tell two apart, without its rule's number. */
export function shortFingerprint(fingerprint: string, length = 12): string {
  return fingerprint.replace(/^\d+:/, '').slice(0, length);
}

export type Sameness = 'same' | 'different' | 'unknown';

/**
 * Whether two fingerprints are of one value. `unknown` where one is missing, carries no number, or was made
 * by another rule than the other.
 */
export function sameValue(one: string | undefined, other: string | undefined): Sameness {
  if (one === undefined || other === undefined || ruleOf(one) === undefined) return 'unknown';
  if (one === other) return 'same';
  return ruleOf(one) === ruleOf(other) ? 'different' : 'unknown';
}

function ruleOf(fingerprint: string): string | undefined {
  return /^(\d+):./.exec(fingerprint)?.[1];
}

/**
 * The handle of a credential at an issuer that has no other name for it than the value, or a name that is
 * made from the value alone. It is the installation's keyed hash: handles stand in records, events and the
 * log, and a plain hash there could be tried out against guesses. `account` is the host and resource, as in
 * every handle.
 */
export function handleOfValue(account: string, fingerprint: string): string {
  return `${account}/values/${fingerprint}`;
}
