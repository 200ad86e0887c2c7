import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command } from '../../functions/core/commands/commands.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { currentOf, credentialOf } from '../../functions/core/token/lookups.ts';
import type { FaultPlan } from '../world/faults.ts';
import { apart, inTurn } from '../extent.ts';
import {
  CALM,
  SUBJECTS,
  adopted,
  credentialIn,
  isLive,
  recordOf,
  rotateOnce,
  send,
  type Home,
  type Subject,
} from './home.ts';

const ALARM = 'checkout 5xx';
const WATCHED = {
  ...CALM,
  'keyturn:health-signals': `${ALARM} + event:checkout-slow`,
  'keyturn:bake-time': '1h',
  'keyturn:min-grace': '5m',
};
const [GITLAB] = SUBJECTS;

interface Watched extends Home {
  readonly old: string;
  readonly fresh: string;
}

/** A token that was rotated just now and watches an alarm that is calm. */
async function watched(subject: Subject, plan: FaultPlan[] = []): Promise<Watched> {
  const home = await adopted(subject, { tags: WATCHED, options: { plan } });
  await home.world.setAlarm(ALARM, 'OK');
  const old = currentOf(await recordOf(home))?.id ?? '';
  await rotateOnce(home);
  const fresh = currentOf(await recordOf(home))?.id ?? '';
  return { ...home, old, fresh };
}

async function fired({ world }: Home, after = 10 * MINUTE): Promise<void> {
  await world.clock.advanceBy(after);
  await world.setAlarm(ALARM, 'ALARM');
  await world.clock.advanceBy(MINUTE);
}

async function openKinds(home: Home): Promise<string[]> {
  return (await recordOf(home)).findings.filter((one) => one.state === 'open').map((one) => one.kind);
}

async function currentIs(home: Home, id: string): Promise<void> {
  const record = await recordOf(home);
  assert.equal(currentOf(record)?.id, id);
  const held = await credentialIn(home.world, await home.world.read(home.arn));
  assert.equal(held.handle, currentOf(record)?.handle, 'Secrets Manager and the record differ');
  assert.ok(held.live, 'AWSCURRENT names an inactive credential');
}

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`a health signal after a promotion, ${subject.id}`, () => {
    test('brings the previous credential back, keeps the new in grace, and names the signal', async () => {
      const home = await watched(subject);
      await fired(home);
      await currentIs(home, home.old);
      const record = await recordOf(home);
      const withdrawn = credentialOf(record, home.fresh);
      assert.equal(withdrawn?.state, 'previous');
      assert.ok(
        withdrawn?.handle && (await isLive(home.world, withdrawn.handle)),
        'the new credential was revoked at once',
      );
      const [finding] = record.findings.filter((one) => one.kind === 'rotation-rolled-back');
      assert.match(
        finding?.detail ?? '',
        /^checkout 5xx fired 20.*Z, soon after the version .* had become current; the version .* is current again\.$/,
      );
      const told = home.world.facts.filter((one) => one.type === 'lifecycle' && one.what === 'rolled-back');
      assert.deepEqual(
        told.map((one) => one.type === 'lifecycle' && one.by),
        ['signal checkout 5xx'],
      );
    });
  });

describe('a health signal', () => {
  test('before the promotion, after the watch, or over when it is looked at, does nothing', async () => {
    assert.ok(GITLAB);
    const before = await adopted(GITLAB, { tags: WATCHED });
    await before.world.setAlarm(ALARM, 'ALARM');
    await before.world.clock.advanceBy(MINUTE);
    await rotateOnce(before);
    const fresh = currentOf(await recordOf(before))?.id ?? '';
    before.world.signal({ kind: 'alarm', name: ALARM });
    await before.world.clock.advanceBy(MINUTE);
    await currentIs(before, fresh);
    const late = await watched(GITLAB);
    await fired(late, HOUR + MINUTE);
    await currentIs(late, late.fresh);
    const over = await watched(GITLAB);
    await over.world.setAlarm(ALARM, 'ALARM');
    await over.world.setAlarm(ALARM, 'OK');
    await over.world.clock.advanceBy(MINUTE);
    await currentIs(over, over.fresh);
    assert.deepEqual(
      [...(await openKinds(before)), ...(await openKinds(late)), ...(await openKinds(over))],
      [],
    );
  });

  test('without a watch, or whose alarm does not fire, starts nothing, whatever an event says', async () => {
    assert.ok(GITLAB);
    const home = await watched(GITLAB);
    const sent = home.world.queue.sent.length;
    for (const name of ['other', ALARM, 'event:checkout-slow']) home.world.signal({ kind: 'alarm', name });
    home.world.signal({ kind: 'custom', signal: 'other', at: home.world.clock.now() });
    await home.world.clock.advanceBy(MINUTE);
    assert.equal(home.world.queue.sent.length, sent);
    await currentIs(home, home.fresh);
  });

  test("of the account's own counts from its own time; one replayed from before does not", async () => {
    assert.ok(GITLAB);
    const home = await watched(GITLAB);
    home.world.signal({ kind: 'custom', signal: 'checkout-slow', at: home.world.clock.now() - DAY });
    await home.world.clock.advanceBy(MINUTE);
    await currentIs(home, home.fresh);
    home.world.signal({ kind: 'custom', signal: 'checkout-slow', at: home.world.clock.now() });
    await home.world.clock.advanceBy(MINUTE);
    await currentIs(home, home.old);
    assert.deepEqual(await openKinds(home), ['rotation-rolled-back']);
  });

  test('that comes again, also after a person chose the new credential, changes nothing', async () => {
    assert.ok(GITLAB);
    const home = await watched(GITLAB);
    await fired(home);
    const [command] = home.world.queue.sent.filter((one) => one.kind === 'withdraw');
    const again = Command.parse({ ...command, notAfter: home.world.clock.now() + HOUR });
    assert.ok(await home.world.command(again));
    await currentIs(home, home.old);
    await send(home.world, home.arn, { kind: 'rollback', credentialId: home.fresh });
    await currentIs(home, home.fresh);
    assert.deepEqual(await openKinds(home), []);
    assert.ok(await home.world.command(again));
    await currentIs(home, home.fresh);
  });

  test('finds the previous credential inactive: the new one stays, and a person is told', async () => {
    assert.ok(GITLAB);
    const home = await watched(GITLAB);
    const old = credentialOf(await recordOf(home), home.old);
    await home.world.issuer.revokeByHand(old?.handle ?? '');
    await fired(home);
    await currentIs(home, home.fresh);
    assert.deepEqual(await openKinds(home), ['rollback-failed']);
    await rotateOnce(home);
    assert.deepEqual(await openKinds(home), []);
  });

  test(
    'leaves an old credential active as long as it may be asked for, and its successor alone for a day ' +
      'though it is too old',
    async () => {
      // Where the issuer sets no end, so that so short a longest age can be kept.
      const endless = SUBJECTS.find(({ id }) => id === 'npm-registry') ?? assert.fail();
      const home = await watched(endless);
      home.world.startSchedules();
      await fired(home, 50 * MINUTE);
      await currentIs(home, home.old);
      await home.world.tag(home.arn, {
        'keyturn:max-age': '1h',
        'keyturn:rotate-every': '1h',
        'keyturn:min-grace': '5m',
      });
      await send(home.world, home.arn, { kind: 'inspect' });
      await home.world.clock.advanceBy(30 * MINUTE);
      await currentIs(home, home.old);
    },
  );
});

describe('a rollback on a health signal, stopped at any call', () => {
  const finished = async (
    at: number | undefined,
    fault: FaultPlan['fault'] = 'dies-after',
  ): Promise<number> => {
    assert.ok(GITLAB);
    const plan: FaultPlan[] = [];
    const home = await watched(GITLAB, plan);
    const start = home.world.line.calls.length;
    if (at !== undefined) plan.push({ index: start + at, fault });
    await fired(home);
    const calls = home.world.line.calls.length - start;
    home.world.startSchedules();
    await home.world.clock.advanceBy(25 * MINUTE);
    const name = `${fault} at ${home.world.line.calls[start + (at ?? 0)]?.name}`;
    const record = await recordOf(home);
    assert.equal(currentOf(record)?.id, home.old, name);
    assert.equal(credentialOf(record, home.fresh)?.state, 'previous', name);
    assert.deepEqual(await openKinds(home), ['rotation-rolled-back'], name);
    assert.deepEqual(home.world.queue.deadLetters, [], name);
    await currentIs(home, home.old);
    return calls;
  };

  test('comes to the same end', async () => {
    const calls = await finished(undefined);
    assert.ok(calls > 8, String(calls));
    for (let at = 0; at < calls; at += apart(1))
      await finished(at, at % 4 === 0 ? 'dies-before' : 'dies-after');
  });

  test('also when the signal comes before the promotion is on record', async () => {
    assert.ok(GITLAB);
    const plan: FaultPlan[] = [];
    const home = await adopted(GITLAB, { tags: WATCHED, options: { plan } });
    const { line, clock } = home.world;
    await home.world.setAlarm(ALARM, 'OK');
    const old = currentOf(await recordOf(home))?.id ?? '';
    const rehearsal = await watched(GITLAB);
    const move = rehearsal.world.line.calls.findIndex(
      (call) => call.during === 'rotate finishSecret' && call.name === 'secrets.moveLabel',
    );
    plan.push({ index: move, fault: 'dies-after' });
    assert.ok(await send(home.world, home.arn, { kind: 'rotate' }));
    while (line.calls.length <= move) await clock.advanceBy(SECOND);
    assert.equal(currentOf(await recordOf(home))?.id, old, 'the promotion is on record already');
    await home.world.setAlarm(ALARM, 'ALARM');
    home.world.startSchedules();
    await clock.advanceBy(30 * MINUTE);
    await currentIs(home, old);
    assert.deepEqual(await openKinds(home), ['rotation-rolled-back']);
  });
});
