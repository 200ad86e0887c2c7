import type { Search, Sight } from './access.ts';
import { STAYS, seenFrom, type Unusual } from './unusual.ts';

/** A principal denied on so many tokens within one batch of events goes from door to door. */
const MANY_DOORS = 3;
/** So many lists denied within one batch are no slip of the hand. */
const MANY_LISTS = 3;

/** Who was denied, at which token. */
export interface Door {
  readonly tokenId: string;
  readonly sight: Sight;
}

/** Who went from door to door, as one finding each. */
export function doorsTried(doors: readonly Door[]): Unusual[] {
  return [...Map.groupBy(doors, ({ sight }) => sight.principal)].flatMap(([principal, some]) => {
    const tokens = new Set(some.map((one) => one.tokenId)).size;
    const latest = latestOf(some.map((one) => one.sight));
    if (tokens < MANY_DOORS || !latest) return [];
    const detail = `${principal} was denied on ${tokens} tokens at once ${seenFrom(latest)}; nothing was given out.`;
    return [{ kind: 'denied-calls', subject: principal, severity: 'warning', until: latest.at + STAYS.denial, detail }];
  });
}

/** Who was denied a look at all secrets at once, as one finding for each way of looking. */
export function searchesTried(searches: readonly Search[]): Unusual[] {
  return [...Map.groupBy(searches, (one) => `${one.principal}@${one.what}`)].flatMap(([subject, some]) => {
    const latest = latestOf(some);
    if (!latest) return [];
    const isLoud = latest.what === 'filter' || latest.isForeign || latest.isRoot || some.length >= MANY_LISTS;
    const detail = `${latest.principal} was denied ${WORDS[latest.what]}${latest.filter === '' ? '' : ` (${latest.filter})`} ${seenFrom(latest)}; nothing was given out.`;
    return [{ kind: 'denied-calls', subject, severity: isLoud ? 'warning' : 'info', until: latest.at + STAYS.denial, detail }];
  });
}

const WORDS = { list: 'a list of all secrets', filter: 'a read of every secret that fits a filter, all at once' } as const satisfies Record<Search['what'], string>;

function latestOf<T extends Sight>(sights: readonly T[]): T | undefined {
  return sights.reduce<T | undefined>((best, one) => (best === undefined || one.at > best.at || (one.at === best.at && one.id > best.id) ? one : best), undefined);
}
