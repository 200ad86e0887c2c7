import type { AlarmNotice } from '../../core/alerts/alarm.ts';
import { chatOf, chatOfAlarm, type ChatMessage } from '../../core/alerts/chat.ts';
import { findingKey } from '../../core/findings/findings.ts';
import type { Notice } from '../../core/alerts/notices.ts';
import type { AlertLedger } from '../../core/ports/alert-ledger.ts';
import { genuine, isPast, type GenuinePorts } from './genuine.ts';

export interface ChatPorts extends GenuinePorts {
  readonly ledger: Pick<AlertLedger, 'told' | 'tell' | 'waiting'>;
  /** The topic that the chat room listens to. */
  readonly room: { publish(message: ChatMessage): Promise<void> };
  readonly runbookUrl: string | undefined;
}

/**
 * Tells a chat room what came over the topic for alerts, as the records have it now: each step once, and none
 * that is older than one that was told. Errors: `aws-failed`.
 */
export async function chat(notice: Notice, ports: ChatPorts): Promise<void> {
  const known = await genuine(notice, ports);
  if (!known) return;
  const { key, sequence } = stepOf(known);
  await tellOnce(key, sequence, { message: chatOf(known, ports), ports });
}

/** The same for an alarm of CloudWatch; one without data is no news. */
export async function chatAlarm(alarm: AlarmNotice, ports: ChatPorts): Promise<void> {
  if (alarm.NewStateValue === 'INSUFFICIENT_DATA') return;
  if (!isPast(alarm.StateChangeTime, ports))
    return ports.log.error('an alarm that is to change in the future was not told');
  await tellOnce(`alarm/${alarm.AlarmName}`, alarm.StateChangeTime, {
    message: chatOfAlarm(alarm, ports.installation),
    ports,
  });
}

function stepOf(notice: Notice): { key: string; sequence: number } {
  switch (notice.type) {
    case 'finding':
      return { key: findingKey(notice.tokenId, notice), sequence: notice.sequence };
    case 'reminder':
      return {
        key: `${findingKey(notice.finding.tokenId, notice.finding)}/reminder/${notice.finding.sequence}`,
        sequence: notice.step,
      };
    case 'digest':
      return { key: `digest/${notice.owner}`, sequence: notice.at };
  }
}

async function tellOnce(
  key: string,
  sequence: number,
  { message, ports }: { message: ChatMessage; ports: ChatPorts },
): Promise<void> {
  if ((await ports.ledger.told(`chat/${key}`)) >= sequence) return;
  await ports.room.publish(message);
  await ports.ledger.tell(`chat/${key}`, sequence, ports.now());
}
