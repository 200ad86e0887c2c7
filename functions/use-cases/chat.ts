import type { AlarmNotice } from '../core/alerts/alarm.ts';
import { chatOf, chatOfAlarm, type ChatMessage } from '../core/alerts/chat.ts';
import { dedupKey } from '../core/findings.ts';
import type { Notice } from '../core/alerts/notices.ts';
import type { AlertLedger } from '../core/ports.ts';
import type { Instant } from '../core/time.ts';

export interface ChatPorts {
  readonly ledger: Pick<AlertLedger, 'told' | 'tell'>;
  /** The topic that the chat room listens to. */
  readonly room: { publish(message: ChatMessage): Promise<void> };
  readonly now: () => Instant;
  readonly runbookUrl: string | undefined;
}

/** Tells a chat room what came over the topic for alerts: each step once, and none that is older than one that was told. Errors: `aws-failed`. */
export async function chat(notice: Notice, ports: ChatPorts): Promise<void> {
  const { key, sequence } = stepOf(notice);
  await tellOnce(key, sequence, { message: chatOf(notice, ports.runbookUrl), ports });
}

/** The same for an alarm of CloudWatch; one without data is no news. */
export async function chatAlarm(alarm: AlarmNotice, ports: ChatPorts): Promise<void> {
  if (alarm.NewStateValue === 'INSUFFICIENT_DATA') return;
  await tellOnce(`alarm/${alarm.AlarmName}`, alarm.StateChangeTime, { message: chatOfAlarm(alarm), ports });
}

function stepOf(notice: Notice): { key: string; sequence: number } {
  switch (notice.type) {
    case 'finding':
      return { key: dedupKey(notice.tokenId, notice), sequence: notice.sequence };
    case 'reminder':
      return { key: `${dedupKey(notice.finding.tokenId, notice.finding)}/reminder/${notice.finding.sequence}`, sequence: notice.step };
    case 'digest':
      return { key: `digest/${notice.owner}`, sequence: notice.at };
  }
}

async function tellOnce(key: string, sequence: number, { message, ports }: { message: ChatMessage; ports: ChatPorts }): Promise<void> {
  if ((await ports.ledger.told(`chat/${key}`)) >= sequence) return;
  await ports.room.publish(message);
  await ports.ledger.tell(`chat/${key}`, sequence, ports.now());
}
