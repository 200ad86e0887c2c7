import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command } from '../../functions/core/commands/commands.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf, credentialOf } from '../../functions/core/token/lookups.ts';
import type { FaultPlan } from '../world/faults.ts';
import type { World } from '../world/world.ts';
import { everyCall, inTurn } from '../extent.ts';
import {
  CALM,
  GRACE_OVER,
  SUBJECTS,
  adopted,
  credentialIn,
  inGrace,
  isLive,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  type Home,
  type Subject,
} from './home.ts';

/** Sends the very same message once more, as a queue may at any time before it is too late. */
function message(
  home: Home,
  wanted: { kind: 'rotate' } | { kind: 'rollback' | 'revoke'; credentialId: string },
): Command {
  return Command.parse({
    ...wanted,
    tokenId: tokenIdOf(home.arn),
    notAfter: home.world.clock.now() + 30 * MINUTE,
  });
}

async function deliver(home: Home, command: Command): Promise<void> {
  const done = home.world.clock.activity(() => home.world.command(command));
  await home.world.clock.advanceBy(3 * MINUTE);
  await done;
}

async function liveHandles(world: World): Promise<string[]> {
  return (await world.issuer.credentials('prod/app/token'))
    .filter((one) => one.live)
    .map((one) => one.handle);
}

async function currentIsLive(home: Home): Promise<void> {
  const current = await credentialIn(home.world, await home.world.read(home.arn));
  assert.ok(current.live, 'AWSCURRENT names an inactive credential');
}

async function settleAll(home: Home): Promise<void> {
  for (const attempt of (await recordOf(home)).attempts)
    if (attempt.tidy !== true) await send(home.world, home.arn, { kind: 'settle', attemptId: attempt.id });
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`operators, ${subject.id}`, () => {
    test('a rotate command that comes twice rotates once', async () => {
      const home = await adopted(subject, { tags: CALM });
      const command = message(home, { kind: 'rotate' });
      await deliver(home, command);
      const first = currentOf(await recordOf(home))?.id;
      await settleAll(home);
      await deliver(home, command);
      assert.equal(currentOf(await recordOf(home))?.id, first, 'the second delivery rotated again');
    });

    test('a rotate command during a rotation that comes to nothing is not lost', async () => {
      const home = await adopted(
        { ...subject, issuer: () => subject.issuer({ propagation: 3 * MINUTE }) },
        { tags: CALM },
      );
      await home.world.clock.advanceBy(5 * MINUTE);
      await send(home.world, home.arn, { kind: 'inspect' });
      await deliver(home, message(home, { kind: 'rotate' }));
      const [attempt] = (await recordOf(home)).attempts;
      assert.ok(attempt && attempt.state !== 'promoted');
      await deliver(home, message(home, { kind: 'rotate' }));
      home.world.startSchedules();
      // Okta has two slots: what the first attempt left in one is revoked after a pass over all secrets.
      await home.world.clock.advanceBy(3 * HOUR);
      assert.ok((await recordOf(home)).attempts.length > 1, 'nothing came of the request');
      await currentIsLive(home);
    });

    test('a late command is dropped', async () => {
      const home = await inGrace(subject);
      const before = await recordOf(home);
      const commands = [
        message(home, { kind: 'rotate' }),
        message(home, { kind: 'rollback', credentialId: oldOf(before).id }),
        message(home, { kind: 'revoke', credentialId: oldOf(before).id }),
      ];
      await home.world.clock.advanceBy(31 * MINUTE);
      for (const command of commands) await deliver(home, command);
      assert.deepEqual(await recordOf(home), before);
      assert.equal((await liveHandles(home.world)).length, 2);
    });

    test('a rollback brings the old credential back; its message coming again changes nothing', async () => {
      const home = await inGrace(subject);
      const old = oldOf(await recordOf(home));
      const command = message(home, { kind: 'rollback', credentialId: old.id });
      await deliver(home, command);
      assert.equal(currentOf(await recordOf(home))?.id, old.id);
      await deliver(home, command);
      assert.equal(currentOf(await recordOf(home))?.id, old.id, 'the second delivery rolled forward again');
      await currentIsLive(home);
      await home.world.clock.advanceBy(GRACE_OVER);
      home.world.startSchedules();
      await home.world.clock.advanceBy(2 * HOUR);
      await currentIsLive(home);
      assert.equal((await liveHandles(home.world)).length, 1);
    });

    test('a sweep finishes a rollback that was broken off, and does not undo one that was not', async () => {
      const plan: FaultPlan[] = [];
      const home = await inGrace(subject, { options: { plan } });
      const old = oldOf(await recordOf(home));
      const name = 'secrets.moveLabel';
      for (let index = home.world.line.calls.length; index < home.world.line.calls.length + 40; index++)
        plan.push({ index, fault: 'dies-after' });
      await home.world.clock.activity(() =>
        home.world.command(message(home, { kind: 'rollback', credentialId: old.id })),
      );
      const died = home.world.line.calls.at(-1);
      assert.ok(died);
      home.world.line.heal();
      await send(home.world, home.arn, { kind: 'rollback', credentialId: old.id });
      assert.equal(currentOf(await recordOf(home))?.id, old.id);
      await home.world.clock.advanceBy(11 * MINUTE);
      home.world.startSchedules();
      await home.world.clock.advanceBy(30 * MINUTE);
      assert.equal(currentOf(await recordOf(home))?.id, old.id, name);
      await currentIsLive(home);
    });

    test('the current credential, if it is to be revoked, is replaced first; it gets no grace', async () => {
      const home = await adopted(subject, { tags: CALM });
      const recordedForRevocation = currentOf(await recordOf(home));
      assert.ok(recordedForRevocation?.handle);
      const command = message(home, { kind: 'revoke', credentialId: recordedForRevocation.id });
      await deliver(home, command);
      assert.notEqual(currentOf(await recordOf(home))?.id, recordedForRevocation.id);
      await currentIsLive(home);
      assert.ok(await isLive(home.world, recordedForRevocation.handle));
      home.world.startSchedules();
      await home.world.clock.advanceBy(20 * MINUTE);
      assert.ok(
        !(await isLive(home.world, recordedForRevocation.handle)),
        'it should be revoked long before grace is over',
      );
      await deliver(home, command);
      await currentIsLive(home);
      assert.equal((await recordOf(home)).attempts.length, 1, 'the second delivery rotated again');
    });

    test('the current credential is to be revoked, and the rotation for that fails at first', async () => {
      let slow = false;
      const home = await adopted(
        {
          ...subject,
          issuer: () => (clock) => {
            const issuer = subject.issuer({})(clock);
            const fetch = issuer.fetch.bind(issuer);
            issuer.fetch = async (request) =>
              slow && request.method === 'POST' ? new Response('{}', { status: 503 }) : fetch(request);
            return issuer;
          },
        },
        { tags: CALM },
      );
      const recordedForRevocation = currentOf(await recordOf(home));
      assert.ok(recordedForRevocation?.handle);
      slow = true;
      await deliver(home, message(home, { kind: 'revoke', credentialId: recordedForRevocation.id }));
      home.world.startSchedules();
      await home.world.clock.advanceBy(40 * MINUTE);
      await currentIsLive(home);
      assert.ok(await isLive(home.world, recordedForRevocation.handle), 'without a successor it lives on');
      slow = false;
      await home.world.clock.advanceBy(3 * HOUR);
      assert.ok(!(await isLive(home.world, recordedForRevocation.handle)), 'the request was forgotten');
      await currentIsLive(home);
    });

    test('an old credential in grace that is to be revoked is revoked at once and verified', async () => {
      const home = await inGrace(subject);
      const old = oldOf(await recordOf(home));
      await deliver(home, message(home, { kind: 'revoke', credentialId: old.id }));
      assert.ok(old.handle && !(await isLive(home.world, old.handle)));
      await deliver(home, message(home, { kind: 'revoke', credentialId: old.id }));
      assert.equal(credentialOf(await recordOf(home), old.id)?.state, 'ended');
      await currentIsLive(home);
    });

    test('a rotation that only tests changes nothing and is no failure', async () => {
      const home = await inGrace(subject);
      const before = await recordOf(home);
      await home.world.client.send(new RotateSecretCommand({ SecretId: home.arn, RotateImmediately: false }));
      await send(home.world, home.arn, { kind: 'inspect' });
      await home.world.clock.advanceBy(MINUTE);
      await send(home.world, home.arn, { kind: 'inspect' });
      const after = await recordOf(home);
      assert.deepEqual(after.attempts, before.attempts);
      assert.equal(after.failures, 0);
      assert.deepEqual(
        after.credentials.map((one) => [one.id, one.state]),
        before.credentials.map((one) => [one.id, one.state]),
      );
      assert.deepEqual(home.world.errors, []);
      await rotateAfterGrace(home);
    });

    for (const [outer, inner] of [
      ['retire', 'rollback'],
      ['rollback', 'retire'],
    ] as const)
      test(`a ${inner} in the middle of a ${outer}: one of them wins, before any call`, async () => {
        const points = await raced(subject, { outer, inner, at: undefined });
        assert.ok(points > 5);
        for (let at = 0; at < points; at += everyCall(subject, 3)) await raced(subject, { outer, inner, at });
      });
  });
}

async function rotateAfterGrace(home: Home): Promise<void> {
  const old = oldOf(await recordOf(home));
  await home.world.clock.advanceBy(GRACE_OVER);
  await send(home.world, home.arn, { kind: 'retire', credentialId: old.id });
  await home.world.clock.advanceBy(MINUTE);
  await send(home.world, home.arn, { kind: 'retire', credentialId: old.id });
  await rotateOnce(home);
}

/** Runs one command with the other in the middle of it; resolves to the number of calls of the outer one. */
async function raced(
  subject: Subject,
  race: { outer: 'retire' | 'rollback'; inner: 'retire' | 'rollback'; at: number | undefined },
): Promise<number> {
  const plan: FaultPlan[] = [];
  const asked: { run: () => Promise<unknown> } = { run: async () => undefined };
  const home = await inGrace(subject, { options: { plan, disturb: async () => void (await asked.run()) } });
  const { world } = home;
  await world.clock.advanceBy(GRACE_OVER);
  const old = oldOf(await recordOf(home));
  const head = {
    tokenId: tokenIdOf(home.arn),
    notAfter: world.clock.now() + 10 * MINUTE,
    credentialId: old.id,
  };
  const start = world.line.calls.length;
  if (race.at !== undefined) plan.push({ index: start + race.at, fault: 'console-rotates' });
  asked.run = () => world.command({ ...head, kind: race.inner });
  await world.clock.activity(() => world.command({ ...head, kind: race.outer }));
  const calls = world.line.calls.length - start;
  world.line.heal();
  await judgeRace(
    home,
    old.handle ?? '',
    `${race.inner} before call ${race.at} of ${race.outer}: ` +
      `${world.line.calls[start + (race.at ?? 0)]?.name}`,
  );
  return calls;
}

async function judgeRace(home: Home, oldHandle: string, name: string): Promise<void> {
  const { world } = home;
  const current = await credentialIn(world, await world.read(home.arn));
  assert.ok(current.live, `${name}: AWSCURRENT is inactive`);
  assert.ok(current.handle !== oldHandle || (await isLive(world, oldHandle)), name);
  world.startSchedules();
  await world.clock.advanceBy(90 * MINUTE);
  const later = await credentialIn(world, await world.read(home.arn));
  assert.ok(later.live, `${name}: AWSCURRENT died later`);
  const record = await recordOf(home);
  assert.equal(currentOf(record)?.handle, later.handle, name);
  assert.equal((await liveHandles(world)).length, 1, `${name}: the loser lives on`);
  assert.deepEqual(
    record.findings.filter((one) => one.state === 'open').map((one) => one.kind),
    [],
    name,
  );
}
