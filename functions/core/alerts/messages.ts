import { INSTALLATION_RECORD_ID } from '../inventory/installation.ts';
import type { FindingFact } from '../findings/events.ts';
import { FINDING_RULES, runbookAt } from '../findings/findings.ts';
import type { Notice, Reminder } from './notices.ts';
import { formatDuration, formatInstant } from '../basics/time.ts';

/** The words of one message. */
export interface Words {
  readonly subject: string;
  readonly text: string;
}

/** SNS takes fewer than 100 characters (Amazon SNS API Reference, Publish). */
const SUBJECT_MOST = 99;
const DETAIL_MOST = 1_500;

/** What people read of a step of a finding: at most 25 lines. `page` is where the runbook is, if not the one that Keyturn came with. */
export function findingWords(fact: FindingFact, page: string | undefined): Words {
  return {
    subject: subjectOf(
      fact,
      fact.change === 'resolved' || fact.change === 'acknowledged' ? fact.change : fact.severity,
    ),
    text: findingLines(fact, page).join('\n'),
  };
}

/** What people read of a critical finding that nobody has acknowledged. */
export function reminderWords({ finding, step, at }: Reminder, page: string | undefined): Words {
  const age = formatDuration(Math.floor((at - finding.at) / 60_000) * 60_000);
  const head = [
    `${titleOf(finding)}. This is critical, open for ${age}, and nobody has acknowledged it (reminder ${step}).`,
    `To stop the reminders: keyturn ack ${finding.tokenId === INSTALLATION_RECORD_ID ? INSTALLATION_RECORD_ID : finding.name} ${finding.kind}`,
  ];
  return {
    subject: subjectOf(finding, 'still open'),
    text: [...head, '', ...partsOf(finding, page), '', ...aboutLines(finding)].join('\n'),
  };
}

/** The attributes by which subscriptions choose; every value is a plain text. */
export function attributesOf(
  notice: Notice,
): Record<'severity' | 'kind' | 'change' | 'issuer' | 'owner' | 'environment', string> {
  if (notice.type === 'digest') {
    const severity = [...notice.open, ...notice.over, ...notice.passed].some(
      (one) => one.severity === 'warning',
    )
      ? 'warning'
      : 'info';
    return { severity, kind: 'digest', change: 'digest', issuer: '', owner: notice.owner, environment: '' };
  }
  const { severity, kind, change, issuer, owner, environment } =
    notice.type === 'reminder' ? notice.finding : notice;
  return {
    severity,
    kind,
    change: notice.type === 'reminder' ? 'reminder' : change,
    issuer,
    owner,
    environment,
  };
}

/** The frame stays whole: the name gives way first. */
function subjectOf(fact: FindingFact, state: string): string {
  const frame = (name: string): string => `[${state}] ${fact.issuer} token ${name}: ${titleOf(fact)}`;
  const room = SUBJECT_MOST - frame('').length;
  return frame(fact.name.length <= room ? fact.name : `...${fact.name.slice(3 - room)}`);
}

function titleOf(fact: FindingFact): string {
  return FINDING_RULES[fact.kind].title;
}

function findingLines(fact: FindingFact, page: string | undefined): string[] {
  const title = titleOf(fact);
  switch (fact.change) {
    case 'opened':
      return [`${title}.`, '', ...partsOf(fact, page), '', ...aboutLines(fact)];
    case 'escalated':
      return [`${title}. This has become more urgent.`, '', ...partsOf(fact, page), '', ...aboutLines(fact)];
    case 'acknowledged':
      return [`Somebody has taken this on: ${title}.`, '', ...partsOf(fact, page), '', ...aboutLines(fact)];
    case 'resolved':
      return [
        `This is over: ${title}.`,
        '',
        `What:       ${detailOf(fact)}`,
        'What to do: Nothing.',
        '',
        ...aboutLines(fact),
      ];
  }
}

/** What every message about an open finding has, in five lines. */
export function partsOf(fact: FindingFact, page: string | undefined): string[] {
  const rule = FINDING_RULES[fact.kind];
  return [
    `What:       ${detailOf(fact)}`,
    `Impact:     ${rule.impact}`,
    `What to do: ${rule.action}`,
    `Gets worse: ${outlookOf(fact)}`,
    `Runbook:    ${runbookAt(rule.runbook, page)}`,
  ];
}

/** When a finding gets worse, in one sentence. */
export function outlookOf({ severity, outlook }: FindingFact): string {
  switch (outlook?.becomes) {
    case 'critical':
      return `It becomes critical on ${formatInstant(outlook.at)}.`;
    case 'expired':
      return `The token expires on ${formatInstant(outlook.at)}.`;
    case undefined:
      return severity === 'critical' ? 'It is as bad as it gets, until somebody acts.' : 'Not by itself.';
  }
}

function detailOf(fact: FindingFact): string {
  return oneLine(fact.detail).slice(0, DETAIL_MOST);
}

function aboutLines(fact: FindingFact): string[] {
  return [
    `Token:       ${fact.name}`,
    `Issuer:      ${fact.issuer}`,
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
