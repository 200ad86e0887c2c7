import assert from 'node:assert/strict';
import { test } from 'node:test';
import { movedTo, readingsOf } from '../../../functions/core/detection/readers.ts';
import { DAY, HOUR } from '../../../functions/core/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { aRead } from '../../detect/events.ts';
import { learnt } from '../../detect/habits.ts';

test('who read which version last is kept, also when events come late', () => {
  const mixed = [aRead({ at: T0 + HOUR }), aRead({ at: T0 - HOUR }), aRead({ at: T0 - 2 * HOUR, principal: 'lambda/report' }), aRead({ at: T0 - DAY, principal: 'lambda/old', versionId: 'v2' })];
  const readings = readingsOf(learnt(...mixed.toReversed()));
  assert.deepEqual(readings.map((one) => [one.principal, one.version, one.isKnown]), [['role/app/web', 'v3', true], ['lambda/report', 'v2', true], ['lambda/old', 'v2', true]]);
  const { moved, behind } = movedTo('v3', readings, T0 - 12 * HOUR);
  assert.deepEqual([moved.map((one) => one.principal), behind.map((one) => one.principal)], [['role/app/web'], ['lambda/report']]);
});
