import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseWindow } from '../../../functions/core/basics/weekly-windows.ts';
import type { AlertMessage } from '../../../functions/core/alerts/alert-message.ts';
import { parseDigestTime } from '../../../functions/core/alerts/notification-times.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import type { FindingFact } from '../../../functions/core/findings/events.ts';
import { alert, type AlertPorts } from '../../../functions/use-cases/alerts/alert.ts';
import { sendDigests } from '../../../functions/use-cases/alerts/send-digests.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog, recordingTopic, type RecordingTopic } from '../../fakes/recorders.ts';
import { HERE, onRecord } from '../../fakes/steps.ts';
import { T0, aFinding } from '../../fakes/tokens.ts';

const AT_ONCE = { digest: undefined, quietHours: [] };
/** The next one is an hour after T0. */
const DAILY = { digest: parseDigestTime('10:00 UTC'), quietHours: [] };
const KEY = 'prod/billing/ci-AbC123/token-expiring';

type World = AlertPorts & { topic: RecordingTopic; inventory: MemoryInventory };

function ports(change: Partial<AlertPorts> = {}): World {
  const inventory = new MemoryInventory();
  return {
    ledger: inventory,
    installation: HERE,
    log: recordingLog(),
    now: () => T0,
    runbookUrl: undefined,
    habits: AT_ONCE,
    remindAfter: undefined,
    ...change,
    inventory,
    topic: recordingTopic(),
  };
}

/** The record has the step, and its event comes. */
async function tell(
  fact: FindingFact,
  world: AlertPorts & { inventory: MemoryInventory },
): Promise<FindingFact> {
  const known = await onRecord(world.inventory, fact);
  await alert(known, world);
  return known;
}

function told({ topic }: { topic: RecordingTopic }): string[] {
  return topic.messages.map(({ attributes: { owner, severity, kind, change } }) =>
    [owner, severity, kind, change].join(' '),
  );
}

describe('alert', () => {
  it('tells each step of a finding once, whatever is delivered twice', async () => {
    const world = ports();
    const steps = [
      aFinding(),
      aFinding({ change: 'escalated', sequence: 2 }),
      aFinding({ change: 'resolved', sequence: 3 }),
    ];
    const known: FindingFact[] = [];
    for (const step of steps) {
      known.push(await tell(step, world));
      await alert(step, world);
    }
    assert.deepEqual(
      world.topic.messages.map(({ body }) => body),
      known,
    );
    assert.deepEqual(
      known.map(({ change }) => change),
      ['opened', 'escalated', 'resolved'],
    );
  });

  it('says nothing of a step that comes after a later one was told', async () => {
    const world = ports();
    await onRecord(world.inventory, aFinding());
    await tell(aFinding({ change: 'resolved', sequence: 2 }), world);
    await alert(aFinding({ sequence: 1 }), world);
    assert.deepEqual(told(world), ['team-billing critical token-expiring resolved']);
  });

  it('keeps findings apart by token, kind and subject', async () => {
    const world = ports();
    const facts = [
      aFinding(),
      aFinding({ kind: 'token-expired' }),
      aFinding({ subject: 'gitlab/7' }),
      aFinding({ tokenId: 'other-AbC123' }),
    ];
    for (const fact of facts) await tell(fact, world);
    assert.equal(world.topic.messages.length, 4);
  });

  it('reports again when it stopped before it could note that it had reported', async () => {
    const ledger = new MemoryInventory();
    ledger.tell = () => Promise.reject(new Error('crash'));
    const world = ports({ ledger });
    await assert.rejects(tell(aFinding(), world), /crash/);
    await assert.rejects(tell(aFinding(), world), /crash/);
    assert.equal(world.topic.messages.length, 2);
  });

  it('does not note a step that the topic did not take', async () => {
    const ledger = new MemoryInventory();
    const world = { ...ports({ ledger }), topic: { publish: () => Promise.reject(new Error('down')) } };
    await assert.rejects(tell(aFinding(), world), /down/);
    assert.equal(await ledger.told(KEY), 0);
  });
});

describe('a digest', () => {
  it('takes what can wait, once a day for each owner; what is critical does not wait', async () => {
    let now = T0;
    const world = ports({ habits: DAILY, now: () => now });
    await tell(aFinding(), world);
    await tell(aFinding({ kind: 'credential-orphaned', severity: 'warning' }), world);
    await tell(aFinding({ kind: 'credential-orphaned', severity: 'warning' }), world);
    await tell(
      aFinding({
        kind: 'credential-unmanaged',
        severity: 'info',
        owner: 'team-ops',
        tokenId: 'other-AbC123',
      }),
      world,
    );
    assert.deepEqual(told(world), ['team-billing critical token-expiring opened']);
    assert.deepEqual(await sendDigests(world), { sent: 0, failed: 0, damaged: 0 });
    now = T0 + HOUR;
    assert.deepEqual(await sendDigests(world), { sent: 2, failed: 0, damaged: 0 });
    assert.deepEqual(told(world).slice(1), [
      'team-billing warning digest digest',
      'team-ops info digest digest',
    ]);
    now = T0 + 2 * DAY;
    assert.deepEqual(await sendDigests(world), { sent: 0, failed: 0, damaged: 0 });
  });

  it('mentions a finding once that opened and was over before it', async () => {
    let now = T0;
    const world = ports({ habits: DAILY, now: () => now });
    for (const [sequence, change] of [
      [1, 'opened'],
      [2, 'resolved'],
    ] as const)
      await tell(aFinding({ severity: 'warning', sequence, change }), world);
    now = T0 + HOUR;
    await sendDigests(world);
    assert.match(world.topic.messages[0]?.text ?? '', /^\[opened and over\] prod\/billing\/ci: /m);
    assert.equal(world.topic.messages.length, 1);
  });

  it('says nothing of what became critical meanwhile, since that was told', async () => {
    let now = T0;
    const world = ports({ habits: DAILY, now: () => now });
    await tell(aFinding({ severity: 'warning' }), world);
    await tell(aFinding({ severity: 'critical', change: 'escalated', sequence: 2 }), world);
    now = T0 + HOUR;
    await sendDigests(world);
    assert.deepEqual(told(world), ['team-billing critical token-expiring escalated']);
  });

  it('keeps a step that came while it was sent for the next one', async () => {
    let now = T0;
    const world = ports({ habits: DAILY, now: () => now });
    await tell(aFinding({ severity: 'warning' }), world);
    now = T0 + HOUR;
    const publish = async (message: AlertMessage): Promise<void> => {
      await world.topic.publish(message);
      await tell(aFinding({ severity: 'warning', change: 'resolved', sequence: 2 }), world);
    };
    await sendDigests({ ...world, topic: { publish } });
    now = T0 + HOUR + DAY;
    await sendDigests(world);
    assert.deepEqual(
      world.topic.messages.map(({ subject }) => subject),
      ['[digest] 1 open, 0 over: tokens of team-billing', '[digest] 0 open, 1 over: tokens of team-billing'],
    );
  });

  it('that the topic does not take is tried again, and holds up no other', async () => {
    let now = T0;
    const world = ports({ habits: DAILY, now: () => now });
    for (const owner of ['a', 'b'])
      await tell(aFinding({ severity: 'warning', owner, tokenId: owner }), world);
    now = T0 + HOUR;
    const publish = (message: AlertMessage): Promise<void> =>
      message.attributes.owner === 'a' ? Promise.reject(new Error('down')) : world.topic.publish(message);
    assert.deepEqual(await sendDigests({ ...world, topic: { publish } }), { sent: 1, failed: 1, damaged: 0 });
    assert.deepEqual(await sendDigests(world), { sent: 1, failed: 0, damaged: 0 });
  });

  it('after quiet hours has what came in them, where there is no digest else', async () => {
    let now = T0;
    const quietHours = [parseWindow('daily 00:00-12:00 UTC')].filter((window) => window !== undefined);
    const world = ports({ habits: { digest: undefined, quietHours }, now: () => now });
    await tell(aFinding({ severity: 'warning' }), world);
    assert.deepEqual(told(world), []);
    now = T0 + 3 * HOUR;
    await sendDigests(world);
    await tell(aFinding({ severity: 'warning', kind: 'credential-orphaned' }), world);
    assert.deepEqual(told(world), [
      'team-billing warning digest digest',
      'team-billing warning credential-orphaned opened',
    ]);
  });

  it('gives up a step that others keep changing, so that it is delivered again', async () => {
    const ledger = new MemoryInventory();
    ledger.wait = async () => false;
    await assert.rejects(tell(aFinding({ severity: 'warning' }), ports({ ledger, habits: DAILY })), {
      code: 'conflict',
    });
    assert.equal(await ledger.told(KEY), 0);
  });
});
