import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OVERDUE_AFTER } from '../../../functions/core/assessment/assess-status.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { current, kinds } from './cases.ts';

describe('an expiry', () => {
  it('is nothing for a healthy token, whatever its age, until its rotation is late', () => {
    const token = aToken({ credentials: [current({ expiresAt: T0 + 60 * DAY })] });
    for (let at = T0; at < T0 + 30 * DAY + OVERDUE_AFTER; at += HOUR)
      assert.deepEqual(kinds({ ...token, activeAt: at }, at), []);
  });

  it('does not warn of an expiry that another finding explains', () => {
    const token = aToken({
      failures: 2,
      failedAt: T0,
      activeAt: T0 + 9 * DAY,
      credentials: [current({ expiresAt: T0 + 10 * DAY })],
    });
    assert.deepEqual(kinds(token, T0 + 9 * DAY), ['rotation-failed critical']);
  });
});
