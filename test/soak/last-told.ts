import type { Fact, FindingFact } from '../../functions/core/findings/events.ts';
import { findingKey } from '../../functions/core/findings/findings.ts';
import { MINUTE, formatInstant } from '../../functions/core/basics/time.ts';

/**
 * The last that was told of each finding of a token. A fact may be told twice, and late: its sequence says
 * which one is the last.
 */
export function lastTold(facts: readonly Fact[], tokenId: string): ReadonlyMap<string, FindingFact> {
  const last = new Map<string, FindingFact>();
  for (const fact of facts) {
    if (fact.type !== 'finding' || fact.tokenId !== tokenId) continue;
    const key = findingKey(tokenId, fact);
    if (fact.sequence > (last.get(key)?.sequence ?? 0)) last.set(key, fact);
  }
  return last;
}

/** Findings that were told as over and opened again at once: their cause was there all the time. */
export function toldAnew(facts: readonly Fact[]): string[] {
  const over = new Map<string, FindingFact>();
  const found = new Set<string>();
  for (const fact of facts) {
    if (fact.type !== 'finding') continue;
    const key = findingKey(fact.tokenId, fact);
    const before = over.get(key);
    if (fact.change === 'resolved') over.set(key, fact);
    else if (fact.change === 'opened' && before && fact.at - before.at <= MINUTE)
      found.add(`${fact.name}: ${fact.kind} was over and open again at ${formatInstant(fact.at)}`);
  }
  return [...found];
}
