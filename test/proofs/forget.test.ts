import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { permitOf } from '../../functions/core/revocation/permits.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { credentialOf } from '../../functions/core/token/lookups.ts';
import { inTurn } from '../extent.ts';
import { CALM, SUBJECTS, drive, inGrace, isLive, oldOf, recordOf, send, type Home } from './home.ts';

async function forget({ world, arn }: Home, credentialId: string): Promise<void> {
  const head = { tokenId: tokenIdOf(arn), notAfter: world.clock.now() + 10 * MINUTE };
  assert.ok(
    await drive(world, () =>
      world.command({ ...head, kind: 'forget', credentialId, reason: 'nobody can see its end' }),
    ),
  );
}

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  test(
    `${subject.id}: what a person had forgotten stays as it is, is no stray and no finding, and is ` +
      'answered when it leaks',
    async () => {
      const home = await inGrace(subject, {
        tags: { ...CALM, 'keyturn:min-grace': '10d', 'keyturn:max-grace': '20d', 'keyturn:cache-ttl': '0s' },
      });
      const { world, arn } = home;
      const old = oldOf(await recordOf(home));
      const { handle = '', fingerprint = '' } = old;
      await forget(home, old.id);
      world.startSchedules();
      await world.clock.advanceBy(2 * DAY);
      const left = credentialOf(await recordOf(home), old.id);
      assert.equal(left?.forgotten?.reason, 'nobody can see its end');
      assert.ok(await isLive(world, handle), 'nobody revoked it');
      assert.deepEqual(
        (await recordOf(home)).findings.filter((one) => one.state === 'open'),
        [],
      );
      assert.deepEqual(
        (await recordOf(home)).credentials.map((one) => one.state),
        ['ended', 'current'],
      );
      const { permits } = await world.inventory.loadPermits(tokenIdOf(arn));
      assert.ok(permitOf(permits, 'forget', old.id));
      const notAfter = world.clock.now() + 10 * MINUTE;
      await drive(world, () =>
        world.command({
          tokenId: tokenIdOf(arn),
          notAfter,
          kind: 'compromise',
          fingerprint,
          source: 'a scanner',
          reportedAt: world.clock.now(),
        }),
      );
      await world.clock.advanceBy(2 * HOUR);
      assert.equal(await isLive(world, handle), false, 'it dies once it is out');
      assert.equal(credentialOf(await recordOf(home), old.id)?.forgotten, undefined);
    },
  );

test('the current credential of a kept token is not forgotten, and the requester hears why', async () => {
  const [subject] = SUBJECTS;
  assert.ok(subject);
  const home = await inGrace(subject);
  const current = (await recordOf(home)).credentials.find((one) => one.state === 'current');
  assert.ok(current);
  await forget(home, current.id);
  assert.equal(credentialOf(await recordOf(home), current.id)?.state, 'current');
  const { permits } = await home.world.inventory.loadPermits(tokenIdOf(home.arn));
  assert.equal(permits.permits.length, 0);
  assert.ok(await send(home.world, home.arn, { kind: 'inspect' }));
});
