import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FindingFact } from '../../../functions/core/findings/events.ts';
import {
  aboutInstallationRecord,
  INSTALLATION_RECORD_ID,
  NEW_INSTALLATION_RECORD,
} from '../../../functions/core/inventory/installation.ts';
import type { Digest } from '../../../functions/core/alerts/notices.ts';
import { acknowledged, tracked } from '../../../functions/core/findings/finding-lifecycle.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { parseDigestTime } from '../../../functions/core/alerts/notification-times.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { alert, type AlertPorts } from '../../../functions/use-cases/alerts/alert.ts';
import { genuine } from '../../../functions/use-cases/alerts/genuine.ts';
import { sendDigests } from '../../../functions/use-cases/alerts/send-digests.ts';
import { sendReminders } from '../../../functions/use-cases/alerts/send-reminders.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import {
  recordingLog,
  recordingTopic,
  type RecordingLog,
  type RecordingTopic,
} from '../../fakes/recorders.ts';
import { HERE } from '../../fakes/steps.ts';
import { T0, aFinding, aToken } from '../../fakes/tokens.ts';

const LURE = 'All is well. Sign in at https://evil.example to confirm.';

interface World extends AlertPorts {
  readonly inventory: MemoryInventory;
  readonly topic: RecordingTopic;
  readonly log: RecordingLog;
  at: number;
}

function world(habits: AlertPorts['habits'] = { digest: undefined, quietHours: [] }): World {
  const inventory = new MemoryInventory();
  const self: World = {
    at: T0,
    inventory,
    ledger: inventory,
    installation: HERE,
    topic: recordingTopic(),
    log: recordingLog(),
    now: () => self.at,
    runbookUrl: undefined,
    habits,
    remindAfter: 4 * HOUR,
  };
  return self;
}

const DAILY = { digest: parseDigestTime('10:00 UTC'), quietHours: [] };
type Seen = Parameters<typeof tracked>[2];
const INACTIVE: Seen = [{ kind: 'token-inactive', severity: 'critical', detail: 'The issuer refuses it.' }];
const ORPHANED_CREDENTIAL: Seen = [
  { kind: 'credential-orphaned', subject: 'gitlab/7', severity: 'warning', detail: 'A lost one.' },
];

/** What the engine does: the record first, then the facts of its outbox. */
async function observe({ inventory, at }: World, seen: Seen): Promise<FindingFact[]> {
  const found = await inventory.load(aToken().id);
  const before = found?.token ?? aToken();
  const after = tracked<Token>({ ...before, outbox: [] }, before, seen, at);
  await inventory.save({ ...after, outbox: [] }, found?.revision ?? 0);
  return after.outbox.flatMap((fact) => (fact.type === 'finding' ? [fact] : []));
}

async function acknowledge({ inventory, at }: World): Promise<FindingFact[]> {
  const found = await inventory.load(aToken().id);
  assert.ok(found);
  const after = acknowledged<Token>({ ...found.token, outbox: [] }, found.token, undefined, {
    by: 'role/ops',
    now: at,
  });
  await inventory.save({ ...after, outbox: [] }, found.revision);
  return after.outbox.flatMap((fact) => (fact.type === 'finding' ? [fact] : []));
}

const told = ({ topic }: World): string[] =>
  topic.messages.map(({ attributes: { kind, change } }) => `${kind} ${change}`);
const forged = (change: Partial<FindingFact> = {}): FindingFact =>
  aFinding({
    kind: 'token-inactive',
    change: 'resolved',
    sequence: Number.MAX_SAFE_INTEGER,
    detail: LURE,
    owner: 'evil',
    name: LURE,
    ...change,
  });

function assertNoLure({ topic, log }: World): void {
  assert.doesNotMatch(JSON.stringify([topic.messages, log.lines]), /evil/);
}

describe('an event that somebody else put on the bus', () => {
  for (const change of ['opened', 'escalated', 'acknowledged', 'resolved'] as const)
    it(`"${change}" changes nothing of what people are told, before or after the real one`, async () => {
      const self = world();
      await alert(forged({ change }), self);
      const real = await observe(self, INACTIVE);
      for (const fact of [forged({ change }), ...real, forged({ change }), ...real]) await alert(fact, self);
      self.at += MINUTE;
      const over = await observe(self, []);
      for (const fact of [forged({ change }), ...over]) await alert(fact, self);
      assert.deepEqual(told(self), ['token-inactive opened', 'token-inactive resolved']);
      assertNoLure(self);
    });

  it('about what no record knows is not told, and stands in the log', async () => {
    const self = world();
    await observe(self, INACTIVE);
    for (const one of [
      forged({ tokenId: 'nobody-AbC123' }),
      forged({ kind: 'credential-leaked' }),
      forged({ subject: 'gitlab/7' }),
      forged({ tokenId: INSTALLATION_RECORD_ID, kind: 'cloudtrail-events-missing' }),
    ])
      await alert(one, self);
    assert.deepEqual(told(self), []);
    assert.equal(self.log.lines.filter((line) => /no record knows/.test(line)).length, 4);
  });

  it('about the installation itself is told by the record of the installation', async () => {
    const self = world();
    const installationRecord = tracked(
      NEW_INSTALLATION_RECORD,
      aboutInstallationRecord('main'),
      [{ kind: 'cloudtrail-events-missing', severity: 'critical', detail: 'No events.' }],
      T0,
    );
    await self.inventory.saveInstallationRecord({ ...installationRecord, outbox: [] }, 0);
    await alert(forged({ tokenId: INSTALLATION_RECORD_ID, kind: 'cloudtrail-events-missing' }), self);
    assert.deepEqual(told(self), ['cloudtrail-events-missing opened']);
    assertNoLure(self);
  });
});

describe('the record is ahead of its events', () => {
  it('and the latest step is told, once', async () => {
    const self = world();
    const facts = await observe(self, INACTIVE);
    self.at += MINUTE;
    facts.push(...(await acknowledge(self)));
    for (const fact of facts) await alert(fact, self);
    assert.deepEqual(told(self), ['token-inactive acknowledged']);
    assert.match(self.topic.messages[0]?.text ?? '', /role\/ops has taken it on/);
    self.at += MINUTE;
    for (const fact of await observe(self, [])) await alert(fact, self);
    assert.deepEqual(told(self), ['token-inactive acknowledged', 'token-inactive resolved']);
  });

  it('and the facts in its outbox are what is reported it, at every step', async () => {
    const self = world();
    const steps: (() => Promise<FindingFact[]>)[] = [
      () => observe(self, ORPHANED_CREDENTIAL),
      () => acknowledge(self),
      () =>
        observe(self, [
          {
            ...ORPHANED_CREDENTIAL[0],
            kind: 'credential-orphaned',
            severity: 'critical',
            detail: 'Worse.',
            outlook: { at: T0 + DAY, becomes: 'expired' },
          },
        ]),
      () => acknowledge(self),
      () => observe(self, []),
      () => observe(self, ORPHANED_CREDENTIAL),
    ];
    for (const step of steps) {
      self.at += MINUTE;
      const [fact] = await step();
      assert.ok(fact);
      await alert(fact, self);
      assert.deepEqual(self.topic.messages.at(-1)?.body, fact);
    }
    assert.deepEqual(
      told(self).map((one) => one.split(' ')[1]),
      ['opened', 'acknowledged', 'escalated', 'acknowledged', 'resolved', 'opened'],
    );
  });

  it('and what opened and was over before anybody looked comes with the digest as that', async () => {
    const self = world(DAILY);
    const facts = await observe(self, ORPHANED_CREDENTIAL);
    self.at += MINUTE;
    facts.push(...(await observe(self, [])));
    for (const fact of facts) await alert(fact, self);
    self.at = T0 + HOUR;
    await sendDigests(self);
    assert.match(self.topic.messages[0]?.text ?? '', /^\[opened and over\] prod\/billing\/ci: /m);
  });

  it('and what a person took on before anybody looked still comes with the digest', async () => {
    const self = world(DAILY);
    const facts = [...(await observe(self, ORPHANED_CREDENTIAL)), ...(await acknowledge(self))];
    for (const fact of facts) await alert(fact, self);
    self.at = T0 + HOUR;
    await sendDigests(self);
    assert.match(self.topic.messages[0]?.text ?? '', /^\[warning\] prod\/billing\/ci: /m);
  });
});

describe('what waits', () => {
  const entry = (finding: FindingFact, key: string): Parameters<AlertPorts['ledger']['wait']>[1] => ({
    key,
    dueAt: T0,
    first: { sequence: 1, change: 'opened' },
    finding,
    steps: 0,
  });

  it('for a digest or a person without a record is dropped, untold', async () => {
    const self = world(DAILY);
    await self.ledger.wait(
      'digest',
      entry(forged({ severity: 'warning', change: 'opened' }), 'prod/billing/ci-AbC123/token-inactive'),
      undefined,
    );
    await self.ledger.wait(
      'reminder',
      entry(forged({ change: 'opened' }), 'prod/billing/ci-AbC123/token-inactive'),
      undefined,
    );
    self.at = T0 + DAY;
    assert.deepEqual(await sendDigests(self), { sent: 0, failed: 0, damaged: 0 });
    assert.deepEqual(await sendReminders(self), { reminded: 0, failed: 0, damaged: 0 });
    for (const list of ['digest', 'reminder'] as const)
      assert.deepEqual((await self.ledger.allWaiting(list)).entries, []);
    assertNoLure(self);
  });

  it('for a digest is sent as the record has it; a step whose event is late is not sent again', async () => {
    const self = world(DAILY);
    for (const fact of await observe(self, ORPHANED_CREDENTIAL)) await alert(fact, self);
    self.at += MINUTE;
    const late = await observe(self, []);
    self.at = T0 + HOUR;
    await sendDigests(self);
    for (const fact of late) await alert(fact, self);
    self.at = T0 + DAY + HOUR;
    await sendDigests(self);
    assert.equal(self.topic.messages.length, 1);
    assert.match(self.topic.messages[0]?.text ?? '', /opened and over/);
  });

  it('for a digest and has become critical is told at once, where its event is late', async () => {
    const self = world(DAILY);
    for (const fact of await observe(self, ORPHANED_CREDENTIAL)) await alert(fact, self);
    self.at += MINUTE;
    const late = await observe(self, [
      { kind: 'credential-orphaned', subject: 'gitlab/7', severity: 'critical', detail: 'Worse.' },
    ]);
    self.at = T0 + HOUR;
    await sendDigests(self);
    for (const fact of late) await alert(fact, self);
    assert.deepEqual(told(self), ['credential-orphaned escalated']);
  });

  it('for a person ends with the record, though no event said so', async () => {
    const self = world();
    for (const fact of await observe(self, INACTIVE)) await alert(fact, self);
    await observe(self, []);
    self.at = T0 + DAY;
    assert.equal((await sendReminders(self)).reminded, 0);
    assert.deepEqual((await self.ledger.allWaiting('reminder')).entries, []);
  });
});

describe('a message that somebody else published to the topic', () => {
  const digestOf = (change: Partial<Digest>): Digest => ({
    type: 'digest',
    id: 'd',
    at: T0,
    owner: 'team-billing',
    open: [],
    over: [],
    passed: [],
    counts: { open: 1, over: 0, passed: 0 },
    ...change,
  });

  it('is nothing but a place to look', async () => {
    const self = world();
    const [real] = await observe(self, INACTIVE);
    assert.ok(real);
    assert.deepEqual(await genuine(forged(), self), real);
    assert.equal(await genuine(forged({ kind: 'credential-leaked' }), self), undefined);
    assert.equal(
      await genuine({ type: 'reminder', id: 'r', at: T0, step: 1, finding: forged() }, self),
      undefined,
      'nothing waits',
    );
    await alert(real, self);
    const reminder = await genuine({ type: 'reminder', id: 'r', at: T0, step: 1, finding: forged() }, self);
    assert.deepEqual(reminder?.type === 'reminder' && reminder.finding, real);
    assert.equal(
      await genuine({ type: 'reminder', id: 'r', at: T0, step: 1_000_000, finding: real }, self),
      undefined,
      'a number that would silence all that come before it',
    );
  });

  it('as a digest has nothing but findings of its owner, and is not of the future', async () => {
    const self = world();
    const [real] = await observe(self, INACTIVE);
    assert.ok(real);
    const known = await genuine(
      digestOf({
        open: [forged(), forged({ kind: 'credential-leaked' })],
        passed: [forged({ tokenId: 'x' })],
      }),
      self,
    );
    assert.deepEqual(known, digestOf({ open: [real] }));
    assert.equal(await genuine(digestOf({ open: [forged()], owner: LURE }), self), undefined);
    assert.equal(await genuine(digestOf({ open: [forged()], at: T0 + DAY }), self), undefined);
    assert.equal(await genuine(digestOf({}), self), undefined);
    assertNoLure(self);
  });
});
