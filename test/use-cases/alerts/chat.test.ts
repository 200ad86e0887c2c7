import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AlarmNotice } from '../../../functions/core/alerts/alarm.ts';
import type { ChatMessage } from '../../../functions/core/alerts/chat.ts';
import { chat, chatAlarm, type ChatPorts } from '../../../functions/use-cases/alerts/chat.ts';
import type { FindingFact } from '../../../functions/core/findings/events.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog } from '../../fakes/recorders.ts';
import { HERE, onRecord } from '../../fakes/steps.ts';
import { T0, aFinding } from '../../fakes/tokens.ts';

function room(): { told: (string | undefined)[]; ports: ChatPorts & { inventory: MemoryInventory } } {
  const told: (string | undefined)[] = [];
  const publish = async ({ metadata }: ChatMessage): Promise<void> => void told.push(metadata?.eventType);
  const inventory = new MemoryInventory();
  return {
    told,
    ports: {
      inventory,
      ledger: inventory,
      installation: HERE,
      log: recordingLog(),
      room: { publish },
      now: () => T0 + HOUR,
      runbookUrl: undefined,
    },
  };
}

it('a chat room hears each step once, and none that is older than one it heard', async () => {
  const { told, ports } = room();
  const tell = async (fact: FindingFact): Promise<FindingFact> => {
    const known = await onRecord(ports.inventory, fact);
    await chat(known, ports);
    return known;
  };
  const finding = await tell(aFinding());
  await chat(finding, ports);
  await ports.inventory.wait(
    'reminder',
    {
      key: 'prod/billing/ci-AbC123/token-expiring',
      dueAt: T0,
      first: { sequence: finding.sequence, change: 'opened' },
      finding,
      steps: 1,
    },
    undefined,
  );
  const reminder = { type: 'reminder', id: 'r', at: T0, step: 1, finding } as const;
  const digest = {
    type: 'digest',
    id: 'd',
    at: T0,
    owner: finding.owner,
    open: [finding],
    over: [],
    passed: [],
    counts: { open: 1, over: 0, passed: 0 },
  } as const;
  for (const notice of [reminder, reminder, digest, digest]) await chat(notice, ports);
  await tell(aFinding({ change: 'resolved', sequence: 3 }));
  await chat(finding, ports);
  assert.deepEqual(told, ['opened', 'reminder', 'digest', 'resolved']);
});

it('an alarm is told when it begins and when it is over, and not when it has no data', async () => {
  const { told, ports } = room();
  for (const [NewStateValue, minute] of [
    ['ALARM', '01'],
    ['ALARM', '01'],
    ['INSUFFICIENT_DATA', '02'],
    ['OK', '03'],
  ])
    await chatAlarm(
      AlarmNotice.parse({
        AlarmName: 'a',
        NewStateValue,
        StateChangeTime: `2026-01-05T09:${minute}:00.000+0000`,
      }),
      ports,
    );
  assert.deepEqual(told, ['alarm', 'over']);
});

it('a step that the room did not take is told again', async () => {
  const { told, ports } = room();
  const finding = await onRecord(ports.inventory, aFinding());
  await assert.rejects(
    chat(finding, { ...ports, room: { publish: () => Promise.reject(new Error('down')) } }),
    /down/,
  );
  await chat(finding, ports);
  assert.deepEqual(told, ['opened']);
});
