import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import {
  ownRead,
  silenceOf,
  trailShowed,
  watchingTrail,
  type TrailWatch,
} from '../../../functions/core/inventory/trail-health.ts';
import { T0 } from '../../fakes/tokens.ts';

interface Record {
  readonly trail?: TrailWatch | undefined;
}
const OFF: Record = {};
const ON: Record = watchingTrail(OFF, true);

test('where no trail is watched nothing is noted, and what was is forgotten', () => {
  assert.equal(ownRead(OFF, T0), OFF);
  assert.equal(trailShowed(OFF, T0), OFF);
  assert.equal(watchingTrail(ON, true), ON);
  assert.deepEqual(watchingTrail(ownRead(ON, T0), false).trail, undefined);
});

test('reads every hour that are shown within minutes are never silence', () => {
  let record = ON;
  for (let hour = 0; hour < 48; hour++) {
    const now = T0 + hour * HOUR;
    record = trailShowed(ownRead(record, now), now - MINUTE);
    assert.equal(silenceOf(record, now + 15 * MINUTE), undefined, String(hour));
  }
});

test('own reads that are missing are silence three hours after the first, until one shows', () => {
  let record = trailShowed(ON, T0);
  const found: number[] = [];
  for (let hour = 1; hour <= 8; hour++) {
    record = ownRead(record, T0 + hour * HOUR);
    if (silenceOf(record, T0 + hour * HOUR)) found.push(hour);
  }
  assert.deepEqual(found, [5, 6, 7, 8]);
  const silence = silenceOf(record, T0 + 8 * HOUR);
  assert.match(
    silence?.detail ?? '',
    /Keyturn itself read one at 2026-01-05T11:00:00Z.*The last one that it showed was at 2026-01-05T09:00:00Z\.$/,
  );
  assert.ok(
    silenceOf(trailShowed(record, T0 + HOUR), T0 + 8 * HOUR),
    'an old event that comes late shows nothing of it',
  );
  assert.equal(silenceOf(trailShowed(record, T0 + 8 * HOUR), T0 + 8 * HOUR), undefined);
});

test('a trail that never showed anything is silent as well; without a read of our own it is unknown', () => {
  assert.equal(silenceOf(ON, T0 + 99 * HOUR), undefined);
  assert.match(silenceOf(ownRead(ON, T0), T0 + 3 * HOUR)?.detail ?? '', /It has never shown one\.$/);
});

test('what is shown is noted twice an hour at most', () => {
  const record = trailShowed(ON, T0);
  assert.equal(trailShowed(record, T0 + 29 * MINUTE), record);
  assert.equal(trailShowed(record, T0 + 30 * MINUTE).trail?.seenAt, T0 + 30 * MINUTE);
});
