import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR } from '../../functions/core/basics/time.ts';
import { DISABLING, listedAs, madeTwice, told } from './disabled-first.ts';
import { report } from './leaks.ts';

for (const subject of DISABLING.filter(({ id }) => id === 'okta'))
  describe('how long a leaked credential stays disabled', () => {
    it('is what the tag disable-wait says, also where it is set afterwards', async () => {
      const home = await madeTwice(subject);
      const { world, old } = home;
      await report(home, { fingerprint: old.fingerprint });
      const fact = world.facts.find((one) => one.type === 'lifecycle' && one.what === 'disabled');
      assert.match(fact?.type === 'lifecycle' ? fact.detail : '', /It is revoked 20\d\d-/);
      world.startSchedules();
      await world.tag(home.arn, { 'keyturn:disable-wait': '4h' });
      await world.clock.advanceBy(3 * HOUR);
      assert.equal(await listedAs(world, old.handle ?? ''), 'disabled');
      await world.clock.advanceBy(2 * HOUR);
      assert.equal(await listedAs(world, old.handle ?? ''), 'gone');
      assert.equal(told(home, 'disabled'), 1);
      assert.deepEqual(world.errors, []);
    });

    it('is no time at all where the tag says 0s: it is revoked at once, and never disabled', async () => {
      const home = await madeTwice(subject);
      const { world, old } = home;
      await world.tag(home.arn, { 'keyturn:disable-wait': '0s' });
      await report(home, { fingerprint: old.fingerprint });
      assert.equal(await listedAs(world, old.handle ?? ''), 'gone');
      assert.equal(told(home, 'disabled'), 0);
    });
  });
