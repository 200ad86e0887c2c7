import * as z from 'zod';
import type { AlarmNotice } from './alarm.ts';
import type { FindingFact } from '../findings/events.ts';
import { FINDING_RULES } from '../findings/finding-rules.ts';
import { findingKey } from '../findings/findings.ts';
import { runbookAt } from '../findings/runbook-address.ts';
import type { InstallationScope } from '../basics/names.ts';
import { digestLines } from './digest.ts';
import { attributesOf, detailOf, findingWords, outlookOf, reminderWords } from './messages.ts';
import { commandsFor, digestCommand } from './alert-commands.ts';
import { secretOf } from './alert-links.ts';
import { codeSpan, mrkdwn } from './chat-markup.ts';
import type { Notice } from './notices.ts';
import { dedupKey, originText, type AlertContext } from './origin.ts';

/**
 * A message as Amazon Q Developer in chat applications takes it, with its limits.
 * Source: Amazon Q Developer in chat applications administrator guide, "Custom notifications".
 */
export const ChatMessage = z.strictObject({
  version: z.literal('1.0'),
  source: z.literal('custom'),
  id: z.string().optional(),
  content: z.strictObject({
    textType: z.literal('client-markdown').optional(),
    title: z.string().max(250).optional(),
    description: z.string().min(1).max(8_000),
    nextSteps: z.array(z.string().max(350)).optional(),
    keywords: z.array(z.string().max(75)).optional(),
  }),
  metadata: z
    .strictObject({
      threadId: z.string().optional(),
      summary: z.string().optional(),
      eventType: z.string().optional(),
      relatedResources: z.array(z.string()).optional(),
      additionalContext: z.record(z.string(), z.string()).optional(),
      enableCustomActions: z.boolean().optional(),
    })
    .optional(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** What a chat room reads of a notice; all about one token of an installation is one thread. */
export function chatOf(notice: Notice, context: AlertContext): ChatMessage {
  const { installation } = context;
  switch (notice.type) {
    case 'finding':
      return aboutFinding(
        notice,
        { id: notice.id, title: findingWords(notice, context).subject, eventType: notice.change },
        context,
      );
    case 'reminder':
      return aboutFinding(
        notice.finding,
        { id: notice.id, title: reminderWords(notice, context).subject, eventType: 'reminder' },
        context,
      );
    case 'digest':
      return made(
        {
          id: notice.id,
          title:
            `Digest for ${notice.owner}: ${notice.counts.open} open, ` +
            `${notice.counts.over + notice.counts.passed} over`,
          eventType: 'digest',
          about: ['digest', notice.owner],
          installation,
        },
        {
          description: lines(
            mrkdwn(digestLines(notice).join('\n') || 'Nothing.'),
            labelled('Look first', codeSpan(digestCommand(notice, installation))),
          ),
          keywords: [notice.owner],
          context: attributesOf(notice),
        },
      );
  }
}

/** The same for an alarm of CloudWatch. */
export function chatOfAlarm(
  { AlarmName, AlarmDescription, NewStateValue, NewStateReason, StateChangeTime }: AlarmNotice,
  installation: InstallationScope,
): ChatMessage {
  const state = NewStateValue === 'ALARM' ? 'alarm' : 'over';
  const description =
    [AlarmDescription ?? '', NewStateReason].filter((part) => part !== '').join('\n') || AlarmName;
  return made(
    {
      id: `${AlarmName}/${StateChangeTime}`,
      title: `[${state}] ${AlarmName}`,
      eventType: state,
      about: ['alarm', AlarmName],
      installation,
    },
    { description: mrkdwn(description), keywords: ['alarm'], context: {} },
  );
}

interface Heading {
  readonly id: string;
  readonly title: string;
  readonly eventType: string;
}

function aboutFinding(fact: FindingFact, heading: Heading, context: AlertContext): ChatMessage {
  const { installation, runbookUrl } = context;
  const rule = FINDING_RULES[fact.kind];
  const isOver = fact.change === 'resolved';
  const description = isOver ? mrkdwn(detailOf(fact) || rule.title) : openText(fact, installation);
  return made(
    { ...heading, about: [fact.tokenId], installation },
    {
      description,
      ...(!isOver && { nextSteps: [rule.action, `Runbook: ${runbookAt(rule.runbook, runbookUrl)}`] }),
      keywords: [fact.severity, fact.kind, fact.owner],
      context: { ...attributesOf(fact), finding: dedupKey(installation, findingKey(fact.tokenId, fact)) },
    },
  );
}

function openText(fact: FindingFact, installation: InstallationScope): string {
  const { look, end, dismisses } = commandsFor(fact, installation);
  return lines(
    `*What:* ${mrkdwn(detailOf(fact))}`,
    `*Impact:* ${FINDING_RULES[fact.kind].impact}`,
    `*Gets worse:* ${outlookOf(fact)}`,
    labelled('Look first', codeSpan(look)),
    labelled(dismisses ? 'If normal' : 'Then', codeSpan(end)),
    labelled('Secret', secretOf(fact, installation)),
  );
}

function labelled(label: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : `*${label}:* ${text}`;
}

function lines(...all: readonly (string | undefined)[]): string {
  return all.filter((one) => one !== undefined).join('\n');
}

interface Body {
  readonly description: string;
  readonly nextSteps?: readonly string[];
  readonly keywords: readonly string[];
  readonly context: Readonly<Record<string, string>>;
}

interface Place {
  readonly installation: InstallationScope;
  /** What the thread is about. */
  readonly about: readonly string[];
}

/** The first line says which installation tells: a room may hear several. */
function made(
  { id, title, eventType, about, installation }: Heading & Place,
  { description, nextSteps, keywords, context }: Body,
): ChatMessage {
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: title.slice(0, 250),
      description: `${originText(installation)}\n${description}`.slice(0, 8_000),
      ...(nextSteps && { nextSteps: nextSteps.map((step) => step.slice(0, 350)) }),
      keywords: keywords.filter((word) => word !== '').map((word) => word.slice(0, 75)),
    },
    metadata: {
      threadId: dedupKey(installation, ...about),
      summary: title.slice(0, 250),
      eventType,
      additionalContext: context,
      enableCustomActions: false,
    },
  };
}
