import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOUR, MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { inTurn } from '../extent.ts';
import { CALM, SUBJECTS, adopted, isLive, oldOf, recordOf, send } from './home.ts';
import { endsWithin, report } from './leaks.ts';
import { outcome } from './late.ts';

/** The same numbers each time, spread over a minute. */
function upToAMinute(): () => number {
  let last = 7;
  return () => {
    last = (last * 48_271) % 2_147_483_647;
    return last % MINUTE;
  };
}

const LAGS = [
  ['2 s', () => 2 * SECOND],
  ['30 s', () => 30 * SECOND],
  ['up to a minute', upToAMinute],
] as const;

describe('Secrets Manager answers with what was, for a while', () => {
  for (const subject of inTurn(SUBJECTS, import.meta.filename))
    for (const [lag, describeLag] of LAGS)
      test(
        `${subject.id}, DescribeSecret ${lag}: rotated, rolled back and leaked, a token comes to the end ` +
          'that it comes to otherwise',
        async () => {
          const options = { staleReads: { describe: describeLag(), get: 2 * SECOND, list: 5 * MINUTE } };
          const home = await adopted(subject, { tags: CALM, options });
          const { world, arn } = home;
          world.startSchedules();
          // A secret that was made just now is in no list yet: the next pass of reconcile enrols it.
          await world.clock.advanceBy(3 * HOUR);
          const first = currentOf(await recordOf(home));
          await send(world, arn, { kind: 'rotate' });
          await world.clock.advanceBy(10 * MINUTE);
          const second = currentOf(await recordOf(home));
          assert.notEqual(second?.id, first?.id, `it did not rotate: ${world.errors.join(' | ')}`);
          assert.equal((await recordOf(home)).failures, 0);
          await send(world, arn, { kind: 'rollback', credentialId: oldOf(await recordOf(home)).id });
          await send(world, arn, { kind: 'inspect' });
          await world.clock.advanceBy(10 * MINUTE);
          assert.equal(currentOf(await recordOf(home))?.id, first?.id);
          assert.ok((await world.labels(arn)).get(first?.id ?? '')?.includes('AWSCURRENT'));
          await world.clock.advanceBy(8 * HOUR);
          assert.ok(
            !(await isLive(world, second?.handle ?? '')),
            'what was rolled back lives on after its grace',
          );
          await report(home, {
            fingerprint: first?.fingerprint ?? '',
            exposedAt: world.clock.now() - MINUTE,
          });
          await world.clock.advanceBy(endsWithin(subject));
          assert.ok(!(await isLive(world, first?.handle ?? '')), 'what leaked lives');
          assert.deepEqual(await outcome(home), []);
          assert.deepEqual(world.queue.deadLetters, []);
        },
      );
});
