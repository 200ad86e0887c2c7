import assert from 'node:assert/strict';
import { it } from 'node:test';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { beforeExpiry } from '../../../functions/core/policy/timing.ts';

it('a credential is replaced its lead before its expiry, or at half its life where it lives shorter', () => {
  assert.equal(beforeExpiry(0, 30 * DAY, 10 * DAY), 20 * DAY);
  assert.equal(beforeExpiry(0, 30 * DAY, 20 * DAY), 15 * DAY);
  assert.equal(beforeExpiry(5 * HOUR, 4 * HOUR, HOUR), 5 * HOUR);
});
