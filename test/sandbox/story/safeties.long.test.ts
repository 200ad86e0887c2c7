import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { ONE_ROTATION, type Script } from '../../../lib/sandbox/story/script.ts';
import type { Report } from '../../../lib/sandbox/story/report.ts';
import { broken, tell } from './tell.ts';

/**
 * Six hours in which nothing goes wrong by itself: long enough to see what a safety that is missing does to
 * one rotation.
 */
const SHORTER: Script = { ...ONE_ROTATION, rotateEvery: '3h', end: 5.9 * HOUR, episodes: () => [] };

/** The promises that were broken; what is revoked shortly before the end may be verified after it. */
function brokenBeforeTheEnd(report: Report): string[] {
  return broken(report).filter((promise) => !promise.startsWith('Every revoked value'));
}

describe('the story without a safety', () => {
  test('without evidence the service that reads only at boot is refused', async () => {
    const { report, failed } = await tell(SHORTER, 'evidence');
    assert.deepEqual(brokenBeforeTheEnd(report), ['No consumer was ever rejected']);
    assert.deepEqual(
      failed,
      ['billing-deployer/3'],
      'the others boot anew while the old one waits for the pass that has to see every secret',
    );
    assert.ok(report.consumerFailures > 0);
  });

  test('without grace the fleet with long caches is refused', async () => {
    const { report, failed } = await tell(SHORTER, 'grace');
    assert.deepEqual(brokenBeforeTheEnd(report), ['No consumer was ever rejected']);
    assert.ok(failed.length > 0);
    assert.ok(
      failed.every((agent) => agent.startsWith('checkout/')),
      failed.join(' '),
    );
  });
});
