import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FindingFact } from '../../../functions/core/findings/events.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { AlertMessage } from '../../../functions/core/alerts/alert-message.ts';
import type { AlertLedger } from '../../../functions/core/ports/alert-ledger.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { alert, type AlertPorts } from '../../../functions/use-cases/alerts/alert.ts';
import { sendDigests } from '../../../functions/use-cases/alerts/send-digests.ts';
import { sendReminders } from '../../../functions/use-cases/alerts/send-reminders.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog, recordingTopic, type RecordingTopic } from '../../fakes/recorders.ts';
import { HERE, onRecord } from '../../fakes/steps.ts';
import { T0, aFinding } from '../../fakes/tokens.ts';

interface World extends AlertPorts {
  readonly topic: RecordingTopic;
  readonly inventory: MemoryInventory;
  at: number;
}

function world(remindAfter: number | undefined = 4 * HOUR): World {
  const inventory = new MemoryInventory();
  const self: World = {
    at: T0,
    inventory,
    installation: HERE,
    ledger: inventory,
    log: recordingLog(),
    now: () => self.at,
    runbookUrl: undefined,
    habits: { digest: undefined, quietHours: [] },
    remindAfter,
    topic: recordingTopic(),
  };
  return self;
}

/** A ledger with one part replaced. */
function ledgerWith(ledger: AlertLedger, changed: Partial<AlertLedger>): AlertLedger {
  return {
    told: (key) => ledger.told(key),
    tell: (key, sequence, now) => ledger.tell(key, sequence, now),
    waiting: (list, key) => ledger.waiting(list, key),
    allWaiting: (list) => ledger.allWaiting(list),
    wait: (list, entry, read) => ledger.wait(list, entry, read),
    unwait: (list, read) => ledger.unwait(list, read),
    ...changed,
  };
}

/** The hours after T0 at which a reminder came, looked for each hour. */
async function remindedAt(self: World, hours: number): Promise<number[]> {
  const found: number[] = [];
  for (let hour = 1; hour <= hours; hour++) {
    self.at = T0 + hour * HOUR;
    if ((await sendReminders(self)).reminded > 0) found.push(hour);
  }
  return found;
}

/** The record has the step, and its event comes. */
async function tell(fact: FindingFact, ports: AlertPorts & { inventory: MemoryInventory }): Promise<void> {
  await alert(await onRecord(ports.inventory, fact), ports);
}

const step = (
  sequence: number,
  change: FindingFact['change'],
  more: Partial<FindingFact> = {},
): FindingFact => aFinding({ sequence, change, ...more });

describe('reminders', () => {
  it('come of what is critical, again and again, ever more rarely, and a week apart at most', async () => {
    const self = world();
    await tell(step(1, 'opened'), self);
    assert.deepEqual(await remindedAt(self, 500), [4, 12, 28, 60, 124, 252, 420]);
    assert.deepEqual(
      self.topic.messages.slice(1).map(({ body }) => body.type === 'reminder' && body.step),
      [1, 2, 3, 4, 5, 6, 7],
    );
    assert.deepEqual(self.topic.messages[1]?.attributes.change, 'reminder');
    assert.match(self.topic.messages[1]?.text ?? '', /and not acknowledged \(reminder 1\)/);
  });

  for (const change of ['acknowledged', 'resolved'] as const)
    it(`end when it is ${change}`, async () => {
      const self = world();
      await tell(step(1, 'opened'), self);
      await tell(step(2, change), self);
      assert.deepEqual(await remindedAt(self, 48), []);
      assert.deepEqual(
        self.topic.messages.map(({ attributes }) => attributes.change),
        ['opened', change],
      );
    });

  it('begin anew when it opens again', async () => {
    const self = world();
    for (const one of [step(1, 'opened'), step(2, 'resolved'), step(3, 'opened')]) await tell(one, self);
    assert.deepEqual(await remindedAt(self, 10), [4]);
  });

  it('begin when a warning becomes critical, not before', async () => {
    const self = world();
    await tell(step(1, 'opened', { severity: 'warning' }), self);
    assert.deepEqual(await remindedAt(self, 24), []);
    await tell(step(2, 'escalated'), self);
    self.at += 4 * HOUR;
    assert.equal((await sendReminders(self)).reminded, 1);
  });

  it('that the topic does not take are tried again, and hold up no other', async () => {
    const self = world();
    for (const tokenId of ['a', 'b']) await tell(step(1, 'opened', { tokenId, name: tokenId }), self);
    self.at = T0 + 4 * HOUR;
    const publish = (message: AlertMessage): Promise<void> =>
      message.subject.includes('token a:') ? Promise.reject(new Error('down')) : self.topic.publish(message);
    assert.deepEqual(await sendReminders({ ...self, topic: { publish } }), {
      reminded: 1,
      failed: 1,
      damaged: 0,
    });
    assert.deepEqual(await sendReminders(self), { reminded: 1, failed: 0, damaged: 0 });
  });

  it('pass over an entry that cannot be read, say so, and send the others', async () => {
    const self = world();
    await tell(step(1, 'opened'), self);
    self.at = T0 + 4 * HOUR;
    const errors: unknown[] = [];
    const ledger = ledgerWith(self.ledger, {
      allWaiting: async (list) => ({
        ...(await self.ledger.allWaiting(list)),
        damaged: ['The record of x cannot be read.'],
      }),
    });
    const ports: AlertPorts = {
      ...self,
      now: () => self.at,
      ledger,
      log: { ...self.log, error: (_message, fields) => void errors.push(fields?.['reason']) },
    };
    assert.deepEqual(await sendReminders(ports), { reminded: 1, failed: 0, damaged: 1 });
    assert.deepEqual(await sendDigests(ports), { sent: 0, failed: 0, damaged: 1 });
    assert.deepEqual(errors, ['The record of x cannot be read.', 'The record of x cannot be read.']);
  });

  it('that cannot be read keep no finding from being sent, once, nor a finding in a digest', async () => {
    const self = world();
    const waiting = async (): Promise<never> =>
      Promise.reject(new KeyturnError('record-invalid', 'The record of x cannot be read.'));
    const damaged: World = {
      ...self,
      ledger: ledgerWith(self.ledger, { waiting }),
      habits: { digest: { minute: 0, zone: 'UTC' }, quietHours: [] },
    };
    for (let times = 0; times < 2; times++)
      for (const severity of ['critical', 'warning'] as const)
        await tell(step(1, 'opened', { severity, tokenId: severity }), damaged);
    assert.deepEqual(
      self.topic.messages.map(({ attributes }) => attributes.severity),
      ['critical', 'warning'],
    );
  });

  it('never come where the settings say so', async () => {
    const self = world(undefined);
    const never: World = { ...self, remindAfter: undefined };
    await tell(step(1, 'opened'), never);
    self.at = T0 + 30 * DAY;
    assert.deepEqual(await sendReminders(never), { reminded: 0, failed: 0, damaged: 0 });
    assert.deepEqual((await self.ledger.allWaiting('reminder')).entries, []);
  });

  it('an acknowledgement of what can wait is no mail', async () => {
    const self = world();
    await tell(step(1, 'opened', { severity: 'warning' }), {
      ...self,
      habits: { digest: { minute: 0, zone: 'UTC' }, quietHours: [] },
    });
    await tell(step(2, 'acknowledged', { severity: 'warning' }), {
      ...self,
      habits: { digest: { minute: 0, zone: 'UTC' }, quietHours: [] },
    });
    assert.deepEqual(
      (await self.ledger.allWaiting('digest')).entries.map(({ finding }) => finding.change),
      ['opened'],
    );
    assert.equal(self.topic.messages.length, 0);
  });
});
