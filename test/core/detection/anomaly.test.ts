import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STAYS, seenFrom } from '../../../functions/core/detection/anomaly.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { aRead } from '../../detect/events.ts';

test('what was seen is said with place, program and time, and every finding ends by itself', () => {
  assert.equal(seenFrom(aRead()), 'from 203.0.0.0/16 in eu-west-1 with aws-sdk-js at 2026-01-05T09:00:00Z');
  for (const stay of Object.values(STAYS)) assert.ok(stay >= DAY && stay <= 31 * DAY);
});
