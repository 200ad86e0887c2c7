import { FINDING_RULES } from '../../../functions/core/findings/finding-rules.ts';
import { isWorse, type Finding, type Severity } from '../../../functions/core/findings/findings.ts';
import { commandsFor } from '../../../functions/core/alerts/alert-commands.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { FindingJson } from '../json/findings.ts';
import { actorText } from '../tokens/actor.ts';
import { iso } from './instants.ts';

export function openFindings({ findings }: Pick<Token, 'findings'>): Finding[] {
  return findings.filter((one) => one.state === 'open');
}

export function worstOf(findings: readonly Finding[]): Severity | undefined {
  return findings.reduce<Severity | undefined>(
    (worst, one) => (worst === undefined || isWorse(one.severity, worst) ? one.severity : worst),
    undefined,
  );
}

/** Whose a finding is, and in which installation. */
export interface FindingAbout {
  readonly id: string;
  readonly name: string;
  readonly installation: string;
}

/**
 * The command that ends a finding, from the same table as alerts and the runbook; undefined where a name of
 * it is not known.
 */
export function endingCommand(
  { kind, subject }: Pick<Finding, 'kind' | 'subject'>,
  { id, name, installation }: FindingAbout,
): string | undefined {
  return commandsFor({ tokenId: id, name, kind, subject }, { name: installation }).end;
}

export function findingView(finding: Finding, about: FindingAbout): FindingJson {
  const { kind, subject, severity, state, detail, acknowledged } = finding;
  const { impact, action, runbook } = FINDING_RULES[kind];
  return {
    kind,
    subject,
    severity,
    state,
    detail,
    openedAt: iso(finding.openedAt),
    resolvedAt: iso(finding.resolvedAt),
    acknowledged: acknowledged ? { by: actorText(acknowledged.by), at: iso(acknowledged.at) } : null,
    impact,
    action,
    command: endingCommand(finding, about) ?? null,
    runbook,
  };
}
