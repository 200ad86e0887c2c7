import { digestOf, isPin } from '../basics/names.ts';
import { currentEndedByForcedRevocation } from '../revocation/forced-revocations.ts';
import { holderOf, type Labels } from '../token/staging-labels.ts';
import { attemptOf, currentOf, credentialOf, isUnderWay } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';

/**
 * Whether the staging labels of a secret show something that its record does not have: another current
 * version, a version that it does not know, or an AWSPENDING that no attempt owns.
 */
export function differsFrom(token: Token, labels: Labels): boolean {
  const current = holderOf(labels, 'AWSCURRENT');
  const pending = holderOf(labels, 'AWSPENDING');
  if (current !== (currentOf(token) ?? currentEndedByForcedRevocation(token))?.versionId) return true;
  if (pending !== undefined && pending !== current && !isOwned(token, pending)) return true;
  return [...labels].some(([version, stages]) => stages.length > 0 && !isOnRecord(token, version));
}

/**
 * The labels of a secret in one short text, pins of ours left out. A secret that is not managed as it is
 * differs from its record for ever: once it was inspected with just these labels, there is nothing new to
 * see.
 */
export function labelsDigest(labels: Labels): string {
  const shown = [...labels]
    .map(([version, stages]) => [version, stages.filter((label) => !isPin(label)).toSorted()] as const)
    .filter(([, stages]) => stages.length > 0);
  return digestOf(JSON.stringify(shown.toSorted(([a], [b]) => (a < b ? -1 : 1))), 16);
}

function isOwned(token: Token, version: string): boolean {
  const attempt = attemptOf(token, version);
  return attempt !== undefined && isUnderWay(attempt);
}

function isOnRecord(token: Token, version: string): boolean {
  return credentialOf(token, version) !== undefined || attemptOf(token, version) !== undefined;
}
