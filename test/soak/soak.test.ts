import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY } from '../../functions/core/basics/time.ts';
import { liveShard, type ShardPlan } from './shard.ts';
import { isSound, shardsOf } from './soak.ts';

const SHORT: ShardPlan = { provider: 'gitlab', tokens: 3, days: 25, seed: 11, troubled: true };

describe('a soak', () => {
  it('divides all tokens among providers and worlds', () => {
    for (const tokens of [1, 3, 200, 1000]) {
      const shards = shardsOf({ tokens, days: 1, seed: 1, threads: 2, troubled: true });
      assert.equal(
        shards.reduce((sum, one) => sum + one.tokens, 0),
        tokens,
      );
      assert.ok(shards.every((one) => one.tokens <= 10));
      assert.equal(new Set(shards.map((one) => one.seed)).size, shards.length);
    }
  });

  it('is sound, and the same again with the same seed', async () => {
    const plan = { ...SHORT, days: 12 };
    const [first, again] = await Promise.all([liveShard(plan), liveShard(plan)]);
    assert.deepEqual(first.complaints, []);
    assert.ok(isSound(first) && first.rotations > 0 && first.faults > 0 && first.consumerCalls > 500);
    assert.deepEqual(again, first);
  });

  it('sees tokens that end in silence and the consumers that break with them', async () => {
    const report = await liveShard(
      { ...SHORT, provider: 'okta', troubled: false },
      ({ world, residents }) => {
        world.clock.after(20 * DAY, () => {
          for (const one of residents)
            void world.issuer
              .credentials(one.name)
              .then((all) =>
                Promise.all(
                  all.filter((other) => other.live).map((other) => world.issuer.revokeByHand(other.handle)),
                ),
              );
          for (const name of ['sweep', 'reconcile', 'worker']) world.stopped.add(name);
        });
      },
    );
    assert.ok(report.silentExpiries > 0 && report.consumerFailures > 0);
    assert.ok(!isSound(report));
  });

  it('sees credentials without a record, and findings that are left open', async () => {
    const report = await liveShard({ ...SHORT, days: 3, troubled: false }, ({ world, residents }) => {
      const [first, second] = residents;
      if (!first || !second) assert.fail('no residents');
      world.clock.after(
        2 * DAY,
        () => void world.clock.activity(async () => void (await world.issuer.createByHand(first.name))),
      );
      world.clock.after(
        2 * DAY,
        () =>
          void world.clock.activity(async () => world.tag(second.arn, { 'keyturn:rotate-every': 'soon' })),
      );
    });
    assert.ok(report.orphanedCredentials > 0, 'a stray');
    assert.ok(report.findingsWithoutCause > 0, 'a finding');
  });
});
