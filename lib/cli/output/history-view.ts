import type { Fact } from '../../../functions/core/findings/events.ts';
import type { HistoryEntryJson } from '../json/tokens.ts';
import { actorText, withActors } from '../tokens/actor.ts';
import { iso } from './instants.ts';

export function historyView(fact: Fact): HistoryEntryJson {
  const common = { at: iso(fact.at), detail: withActors(fact.detail) };
  if (fact.type === 'lifecycle')
    return { ...common, what: fact.what, by: actorText(fact.by), byId: fact.by, severity: null };
  return {
    ...common,
    what: `${fact.kind} ${fact.change}`,
    by: fact.change === 'acknowledged' ? null : 'Keyturn',
    byId: null,
    severity: fact.severity,
  };
}
