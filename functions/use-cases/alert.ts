import type { FindingFact } from '../core/events.ts';
import { FINDING_RULES, dedupKey, runbookAt } from '../core/findings.ts';
import type { AlertLedger, AlertMessage, AlertTopic, Log } from '../core/ports.ts';
import { formatInstant, type Instant } from '../core/time.ts';

export interface AlertPorts {
  readonly ledger: AlertLedger;
  readonly topic: AlertTopic;
  readonly log: Log;
  readonly now: () => Instant;
  /** The page whose sections are the runbook; undefined where there is none but the README. */
  readonly runbookUrl: string | undefined;
}

/** SNS takes no longer subject; the name of the token gives way first. */
const SUBJECT_MOST = 99;
const DETAIL_MOST = 1_500;

/**
 * Tells people of one step of a finding, once: a step that was told already, or is older than one told, is passed over.
 * A crash between telling and noting it repeats that one message.
 */
export async function alert(fact: FindingFact, { ledger, topic, log, now, runbookUrl }: AlertPorts): Promise<void> {
  const key = dedupKey(fact.tokenId, fact);
  if ((await ledger.told(key)) >= fact.sequence) {
    log.info('told already', { tokenId: fact.tokenId, kind: fact.kind, sequence: fact.sequence });
    return;
  }
  await topic.publish(alertMessage(fact, runbookUrl));
  await ledger.tell(key, fact.sequence, now());
}

/** What people and machines get to read of a step of a finding. */
export function alertMessage(fact: FindingFact, runbookUrl?: string): AlertMessage {
  const { severity, kind, change, provider, owner, environment } = fact;
  return {
    subject: subjectOf(fact),
    text: (change === 'resolved' ? resolvedText(fact) : openText(fact, runbookUrl)).join('\n'),
    fact,
    attributes: { severity, kind, change, provider, owner, environment },
  };
}

function subjectOf(fact: FindingFact): string {
  const state = fact.change === 'resolved' ? 'resolved' : fact.severity;
  const frame = (name: string): string => `[${state}] ${fact.provider} token ${name}: ${FINDING_RULES[fact.kind].title}`;
  const room = SUBJECT_MOST - frame('').length;
  return frame(fact.name.length <= room ? fact.name : `...${fact.name.slice(3 - room)}`);
}

function openText(fact: FindingFact, runbookUrl: string | undefined): string[] {
  const rule = FINDING_RULES[fact.kind];
  return [
    fact.change === 'escalated' ? `${rule.title}. This has become more urgent.` : `${rule.title}.`,
    '',
    `What:       ${detailOf(fact)}`,
    `Impact:     ${rule.impact}`,
    `What to do: ${rule.action}`,
    `Runbook:    ${runbookAt(rule.runbook, runbookUrl)}`,
    '',
    ...aboutLines(fact),
  ];
}

function resolvedText(fact: FindingFact): string[] {
  return [`This is over: ${FINDING_RULES[fact.kind].title}.`, '', `What:       ${detailOf(fact)}`, 'What to do: Nothing.', '', ...aboutLines(fact)];
}

function detailOf(fact: FindingFact): string {
  return oneLine(fact.detail).slice(0, DETAIL_MOST);
}

function aboutLines(fact: FindingFact): string[] {
  return [
    `Token:       ${fact.name}`,
    `Provider:    ${fact.provider}`,
    `Owner:       ${fact.owner}`,
    `Environment: ${fact.environment}`,
    ...(fact.subject === '' ? [] : [`Concerns:    ${oneLine(fact.subject)}`]),
    `Severity:    ${fact.severity}`,
    `Seen at:     ${formatInstant(fact.at)}`,
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
