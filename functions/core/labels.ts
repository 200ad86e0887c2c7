import { currentEndedByOrder } from './orders.ts';
import { holderOf, type Labels } from './staging.ts';
import { attemptOf, currentOf, generationOf, isUnderWay, type Token } from './token.ts';

/** Whether the staging labels of a secret show something that its record does not have: another current version, a version that it does not know, or an AWSPENDING that no attempt owns. */
export function differsFrom(token: Token, labels: Labels): boolean {
  const current = holderOf(labels, 'AWSCURRENT');
  const pending = holderOf(labels, 'AWSPENDING');
  if (current !== (currentOf(token) ?? currentEndedByOrder(token))?.versionId) return true;
  if (pending !== undefined && pending !== current && !isOwned(token, pending)) return true;
  return [...labels].some(([version, stages]) => stages.some((label) => label !== 'AWSPENDING') && !isOnRecord(token, version));
}

function isOwned(token: Token, version: string): boolean {
  const attempt = attemptOf(token, version);
  return attempt !== undefined && isUnderWay(attempt);
}

function isOnRecord(token: Token, version: string): boolean {
  return generationOf(token, version) !== undefined || attemptOf(token, version) !== undefined;
}
