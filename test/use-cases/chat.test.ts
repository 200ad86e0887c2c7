import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AlarmNotice } from '../../functions/core/alerts/alarm.ts';
import type { ChatMessage } from '../../functions/core/alerts/chat.ts';
import { chat, chatAlarm, type ChatPorts } from '../../functions/use-cases/chat.ts';
import { MemoryInventory } from '../fakes/memory-inventory.ts';
import { T0, aFinding } from '../fakes/tokens.ts';

function room(): { told: (string | undefined)[]; ports: ChatPorts } {
  const told: (string | undefined)[] = [];
  const publish = async ({ metadata }: ChatMessage): Promise<void> => void told.push(metadata?.eventType);
  return { told, ports: { ledger: new MemoryInventory(), room: { publish }, now: () => T0, runbookUrl: undefined } };
}

it('a chat room hears each step once, and none that is older than one it heard', async () => {
  const { told, ports } = room();
  const reminder = { type: 'reminder', id: 'r', at: T0, step: 1, finding: aFinding() } as const;
  const digest = { type: 'digest', id: 'd', at: T0, owner: 'o', open: [], over: [], passed: [], counts: { open: 0, over: 0, passed: 0 } } as const;
  for (const notice of [aFinding(), aFinding(), reminder, reminder, digest, digest, aFinding({ change: 'resolved', sequence: 3 }), aFinding({ change: 'escalated', sequence: 2 })]) await chat(notice, ports);
  assert.deepEqual(told, ['opened', 'reminder', 'digest', 'resolved']);
});

it('an alarm is told when it begins and when it is over, and not when it has no data', async () => {
  const { told, ports } = room();
  for (const [NewStateValue, minute] of [['ALARM', '01'], ['ALARM', '01'], ['INSUFFICIENT_DATA', '02'], ['OK', '03']]) await chatAlarm(AlarmNotice.parse({ AlarmName: 'a', NewStateValue, StateChangeTime: `2026-01-05T09:${minute}:00.000+0000` }), ports);
  assert.deepEqual(told, ['alarm', 'over']);
});

it('a step that the room did not take is told again', async () => {
  const { told, ports } = room();
  await assert.rejects(chat(aFinding(), { ...ports, room: { publish: () => Promise.reject(new Error('down')) } }), /down/);
  await chat(aFinding(), ports);
  assert.deepEqual(told, ['opened']);
});
