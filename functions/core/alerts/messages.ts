import { INSTALLATION_RECORD_ID } from '../inventory/installation.ts';
import { secretOf } from './alert-links.ts';
import { commandsFor, keyturnCommand } from './alert-commands.ts';
import type { AlertContext } from './origin.ts';
import type { FindingFact } from '../findings/events.ts';
import { FINDING_RULES } from '../findings/finding-rules.ts';
import { runbookAt } from '../findings/runbook-address.ts';
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

/** What people read of a step of a finding: at most 25 lines. */
export function findingWords(fact: FindingFact, context: AlertContext): Words {
  return {
    subject: subjectOf(
      fact,
      fact.change === 'resolved' || fact.change === 'acknowledged' ? fact.change : fact.severity,
    ),
    text: findingLines(fact, context).join('\n'),
  };
}

/** What people read of a critical finding that is not acknowledged. */
export function reminderWords({ finding, step, at }: Reminder, context: AlertContext): Words {
  const age = formatDuration(Math.floor((at - finding.at) / 60_000) * 60_000);
  const head = [
    `${titleOf(finding)}. This is critical, open for ${age} and not acknowledged (reminder ${step}).`,
    ...lineOf(
      'To stop the reminders: ',
      keyturnCommand(['ack', nameOf(finding), finding.kind], context.installation),
    ),
  ];
  return {
    subject: subjectOf(finding, 'still open'),
    text: [...head, '', ...partsOf(finding, context), '', ...aboutLines(finding)].join('\n'),
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

function findingLines(fact: FindingFact, context: AlertContext): string[] {
  const title = titleOf(fact);
  switch (fact.change) {
    case 'opened':
      return [`${title}.`, '', ...partsOf(fact, context), '', ...aboutLines(fact)];
    case 'escalated':
      return [
        `${title}. This has become more urgent.`,
        '',
        ...partsOf(fact, context),
        '',
        ...aboutLines(fact),
      ];
    case 'acknowledged':
      return [`Acknowledged: ${title}.`, '', ...partsOf(fact, context), '', ...aboutLines(fact)];
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

/** What every message about an open finding has, in at most eight lines. */
export function partsOf(fact: FindingFact, { installation, runbookUrl }: AlertContext): string[] {
  const rule = FINDING_RULES[fact.kind];
  const { look, end, dismisses } = commandsFor(fact, installation);
  return [
    `What:       ${detailOf(fact)}`,
    `Impact:     ${rule.impact}`,
    `What to do: ${rule.action}`,
    `Gets worse: ${outlookOf(fact)}`,
    ...lineOf('Look first: ', look),
    ...lineOf(dismisses ? 'If normal:  ' : 'Then:       ', end),
    `Runbook:    ${runbookAt(rule.runbook, runbookUrl)}`,
    ...lineOf('Secret:     ', secretOf(fact, installation)),
  ];
}

/** A line for what is known; none for what is not. */
function lineOf(label: string, text: string | undefined): string[] {
  return text === undefined ? [] : [label + text];
}

function nameOf({ tokenId, name }: FindingFact): string {
  return tokenId === INSTALLATION_RECORD_ID ? INSTALLATION_RECORD_ID : name;
}

/** When a finding gets worse, in one sentence. */
export function outlookOf({ severity, outlook }: FindingFact): string {
  switch (outlook?.becomes) {
    case 'critical':
      return `It becomes critical on ${formatInstant(outlook.at)}.`;
    case 'expired':
      return `The token expires on ${formatInstant(outlook.at)}.`;
    case undefined:
      return severity === 'critical' ? 'It stays critical until a person acts.' : 'Not by itself.';
  }
}

/** What was seen, on one line. */
export function detailOf(fact: FindingFact): string {
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
