import { DeleteSecretCommand, RestoreSecretCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/time.ts';
import { currentOf, liveGenerations, type Token } from '../../functions/core/token.ts';
import { CALM, SUBJECTS, adopted, inGrace, issued, recordOf, rotateOnce, send, type Home } from './house.ts';

function open(token: Token): string[] {
  return token.findings.filter((one) => one.state === 'open').map((one) => `${one.kind} ${one.severity}`);
}

async function remove({ world, arn }: Home, how: { RecoveryWindowInDays: number } | { ForceDeleteWithoutRecovery: true }): Promise<void> {
  await world.client.send(new DeleteSecretCommand({ SecretId: arn, ...how }));
}

for (const subject of SUBJECTS)
  describe(`a deleted secret, ${subject.id}`, () => {
    test('is told of while its credentials live, with what lives, and nothing is killed', async () => {
      const home = await inGrace(subject, { tags: CALM });
      home.world.startSchedules();
      const alive = liveGenerations(await recordOf(home)).map((one) => one.handle ?? '');
      await remove(home, { RecoveryWindowInDays: 7 });
      await home.world.clock.advanceBy(7 * HOUR);
      const scheduled = await recordOf(home);
      assert.deepEqual(open(scheduled), ['secret-deleted critical']);
      const detail = scheduled.findings.find((one) => one.state === 'open')?.detail ?? '';
      assert.match(detail, /^The secret is scheduled for deletion and will be gone 2026-01-1\d/);
      for (const handle of alive) assert.ok(detail.includes(handle), detail);
      await home.world.clock.advanceBy(8 * DAY);
      const gone = await recordOf(home);
      assert.ok(gone.detachedAt !== undefined, 'it should be let go');
      assert.deepEqual(open(gone), ['secret-deleted critical'], 'what lives of it is not forgotten');
      assert.match(gone.findings.find((one) => one.state === 'open')?.detail ?? '', /^The secret is gone since/);
      assert.deepEqual(liveGenerations(gone).map((one) => one.handle), alive, 'their handles are known');
      const live = (await issued(home.world)).filter((one) => one.live).map((one) => one.handle);
      for (const handle of alive) assert.ok(live.includes(handle));
    });

    test('is not rotated, whoever asks: the answer says what can be done', async () => {
      for (const [how, says] of [[{ RecoveryWindowInDays: 7 }, /is scheduled for deletion: restore it first/], [{ ForceDeleteWithoutRecovery: true as const }, /is gone: nothing is rotated any more/]] as const) {
        const home = await adopted(subject, { tags: CALM });
        await remove(home, how);
        await home.world.clock.advanceBy(5 * MINUTE);
        await send(home.world, home.arn, { kind: 'inspect' });
        await send(home.world, home.arn, { kind: 'rotate' });
        const refusals = home.world.facts.flatMap((fact) => (fact.type === 'life' && fact.what === 'refused' ? [fact.detail] : []));
        assert.equal(refusals.length, 1);
        assert.match(refusals[0] ?? '', says);
        assert.deepEqual((await recordOf(home)).attempts, []);
      }
    });

    test('that is restored goes on as before', async () => {
      const home = await adopted(subject, { tags: CALM });
      home.world.startSchedules();
      const before = currentOf(await recordOf(home))?.id;
      await remove(home, { RecoveryWindowInDays: 7 });
      await home.world.clock.advanceBy(2 * DAY);
      await home.world.client.send(new RestoreSecretCommand({ SecretId: home.arn }));
      await home.world.clock.advanceBy(2 * HOUR);
      const restored = await recordOf(home);
      assert.deepEqual([open(restored), restored.deletion, restored.unusable, currentOf(restored)?.id], [[], undefined, undefined, before]);
      await rotateOnce(home);
    });

    test('without recovery is told of at the next inspection', async () => {
      const home = await adopted(subject, { tags: CALM });
      home.world.startSchedules();
      await remove(home, { ForceDeleteWithoutRecovery: true });
      await home.world.clock.advanceBy(7 * HOUR);
      assert.deepEqual(open(await recordOf(home)), ['secret-deleted critical']);
    });
  });
