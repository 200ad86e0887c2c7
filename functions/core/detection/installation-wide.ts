import type { Search } from './access.ts';
import { circumstancesOf, countOf, isCovered, lastOf, type OddCaller } from './odd-callers.ts';
import { STAYS, seenFrom, type Unusual } from './anomaly.ts';

/** A principal denied on so many tokens within a day goes from door to door. */
const MANY_DOORS = 3;
/** So many lists denied within one batch are no slip of the hand. */
const MANY_LISTS = 3;

/** Whether somebody went from door to door. */
function isDoorToDoor({ tokens }: OddCaller): boolean {
  return tokens.length >= MANY_DOORS;
}

/** Whether the finding of the installation tells of a principal's denial at a token. */
export function isDoor(callers: readonly OddCaller[], principal: string, tokenId: string): boolean {
  return isCovered(callers, isDoorToDoor, { principal, tokenId });
}

/** Who went from door to door, as one finding each. */
export function doorsTried(callers: readonly OddCaller[]): Unusual[] {
  return callers.filter(isDoorToDoor).map((one) => {
    const denied = `${one.principal} was denied on ${countOf(one)}, ${circumstancesOf(one)}`;
    const detail = `${denied}; nothing was given out.`;
    return {
      kind: 'access-denied',
      subject: one.principal,
      severity: 'warning',
      until: lastOf(one) + STAYS.denial,
      detail,
      grows: true,
    };
  });
}

/** Who was denied a look at all secrets at once, as one finding for each way of looking. */
export function searchesTried(searches: readonly Search[]): Unusual[] {
  return [...Map.groupBy(searches, (one) => `${one.principal}@${one.what}`)].flatMap(([subject, some]) => {
    const latest = latestOf(some);
    if (!latest) return [];
    const isLoud = latest.what === 'filter' || latest.isForeign || latest.isRoot || some.length >= MANY_LISTS;
    const detail =
      `${latest.principal} was denied ` +
      `${WORDS[latest.what]}${latest.filter === '' ? '' : ` (${latest.filter})`} ${seenFrom(latest)}; ` +
      'nothing was given out.';
    return [
      {
        kind: 'access-denied',
        subject,
        severity: isLoud ? 'warning' : 'info',
        until: latest.at + STAYS.denial,
        detail,
      },
    ];
  });
}

const WORDS = {
  list: 'a list of all secrets',
  filter: 'a read of every secret that fits a filter, all at once',
} as const satisfies Record<Search['what'], string>;

function latestOf(sights: readonly Search[]): Search | undefined {
  return sights.reduce<Search | undefined>(
    (best, one) =>
      best === undefined || one.at > best.at || (one.at === best.at && one.id > best.id) ? one : best,
    undefined,
  );
}
