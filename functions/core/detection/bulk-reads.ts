import { circumstancesOf, countOf, isCovered, lastOf, type OddCaller } from './odd-callers.ts';
import { STAYS, type Unusual } from './anomaly.ts';

/** So many tokens, or so many of which each would ring the pager by itself, make a bulk read. */
const MANY = { tokens: 5, loud: 3 } as const;

/**
 * Whether what somebody read is one thing: five tokens or more within a day, or three that would each ring
 * the pager. Only odd reads count, so that a principal that reads its usual set from its usual places,
 * however large, however often, however fast, never makes one.
 */
function isBulk({ tokens }: OddCaller): boolean {
  return tokens.length >= MANY.tokens || tokens.filter((one) => one.loud).length >= MANY.loud;
}

/** Whether the finding of the installation tells of a principal's odd reads of a token. */
export function isInBulk(readers: readonly OddCaller[], principal: string, tokenId: string): boolean {
  return isCovered(readers, isBulk, { principal, tokenId });
}

/** The one finding for each who reads in bulk. */
export function bulkReads(readers: readonly OddCaller[]): Unusual[] {
  return readers.filter(isBulk).map((one) => {
    const odd = one.isReader ? 'from where it never was before' : 'that it does not usually read';
    const detail = `${one.principal} read ${countOf(one)} ${odd}, ${circumstancesOf(one)}.`;
    return {
      kind: 'bulk-read',
      subject: one.principal,
      severity: 'critical',
      until: lastOf(one) + STAYS.unrecognizedReader,
      detail,
      grows: true,
    };
  });
}
