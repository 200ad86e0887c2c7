import type { FindingKind } from '../../../functions/core/findings/findings.ts';
import type { Fact, FindingFact, LifecycleFact } from '../../../functions/core/findings/events.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Heard } from './alerts.ts';

/** What the story promised, and whether it held. */
export interface Check {
  readonly name: string;
  readonly held: boolean;
  /** The numbers behind it, or what is wrong. */
  readonly detail: string;
}

export function check(name: string, wrong: readonly string[], fine: string): Check {
  return { name, held: wrong.length === 0, detail: wrong.length === 0 ? fine : wrong.join('; ') };
}

/**
 * What is wrong with how people heard of a critical finding: once by each channel, before some time, and
 * once that it is over.
 */
export function toldByMailAndPager({ alerts }: Heard, secret: string, before: Instant): string[] {
  return (['mail', 'pager'] as const).flatMap((channel) => {
    const told = alerts.filter((alert) => alert.secret === secret && alert.channel === channel);
    const [alert] = told;
    if (!alert || told.length > 1) return [`${told.length} alerts by ${channel}`];
    if (alert.severity !== 'critical' || alert.at >= before)
      return [`the alert by ${channel} was ${alert.severity} or too late`];
    return alert.resolvedAt === undefined ? [`no resolve by ${channel}`] : [];
  });
}

/** What is wrong with the findings of a kind about a token: one that opened, and that is over. */
export function openedAndOver(facts: readonly Fact[], secret: string, kind: FindingKind): string[] {
  const mine = facts.filter(
    (fact): fact is FindingFact => fact.type === 'finding' && fact.name === secret && fact.kind === kind,
  );
  const opened = mine.filter((fact) => fact.change === 'opened').length;
  const over = mine.filter((fact) => fact.change === 'resolved').length;
  return opened === 1 && over === 1
    ? []
    : [`${secret}: ${kind} opened ${opened} times and was over ${over} times`];
}

/** When something last happened to a token. */
export function lastOf(facts: readonly Fact[], secret: string, what: string): Instant | undefined {
  return facts.findLast((fact) => fact.type === 'lifecycle' && fact.name === secret && fact.what === what)
    ?.at;
}

export function livesOf(facts: readonly Fact[], what: LifecycleFact['what']): LifecycleFact[] {
  return facts.filter((fact) => fact.type === 'lifecycle').filter((fact) => fact.what === what);
}
