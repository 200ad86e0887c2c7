import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Access } from '../../../functions/core/detection/access.ts';
import { judge } from '../../../functions/core/detection/judge.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { aRead } from '../../detect/events.ts';
import { ABOUT, LEARNT, NOW, found, kinds, watched } from '../../detect/habits.ts';

test('a burst is a multiple of the usual rate, and one unusual hour hides no other', () => {
  const burst = (at: number, count: number): Access[] =>
    Array.from({ length: count }, (_, index) => aRead({ at: at + index * 1_000 }));
  assert.deepEqual(kinds(found(burst(NOW, 24), LEARNT)), []);
  const first = judge(watched(), LEARNT, burst(NOW, 400), ABOUT);
  assert.deepEqual(kinds(first.unusual), ['read-volume-unusual warning']);
  assert.match(
    first.unusual[0]?.detail ?? '',
    /read 25 times or more in the hour .* in 99 of 100 hours it is read at most 1 times/,
  );
  const later = judge(
    watched(),
    first.baseline,
    [1, 2, 3, 4].map((hour) => aRead({ at: NOW + hour * HOUR })),
    ABOUT,
  );
  assert.deepEqual(kinds(found(burst(NOW + 6 * HOUR, 30), later.baseline)), ['read-volume-unusual warning']);
});

test('reads of retired and pending versions are reported; those in a grace period are not', () => {
  const of = (change: Partial<Access>): string[] => kinds(found([aRead({ at: NOW, ...change })], LEARNT));
  assert.deepEqual(of({ versionId: 'v1' }), ['noncurrent-version-read role/app/web warning']);
  assert.deepEqual(of({ versionId: 'v4' }), ['noncurrent-version-read role/app/web warning']);
  assert.deepEqual(of({ stage: 'AWSPENDING' }), ['noncurrent-version-read role/app/web warning']);
  assert.deepEqual(of({ stage: 'keyturn-pin-v1' }), ['noncurrent-version-read role/app/web warning']);
  for (const change of [
    { versionId: 'v2' },
    { versionId: 'v3' },
    { stage: 'AWSPREVIOUS' },
    { stage: 'AWSCURRENT' },
    { versionId: 'never-seen' },
  ])
    assert.deepEqual(of(change), []);
  assert.deepEqual(of({ versionId: 'v1', at: T0 - 26 * DAY }), []);
  assert.deepEqual(of({ versionId: 'v1', principal: 'role/x' }), [
    'reader-unrecognized role/x warning',
    'noncurrent-version-read role/x critical',
  ]);
});

test('the first read after long silence is reported once; a job of each quarter is known then', () => {
  const [afterSilence] = found([aRead({ at: NOW + 60 * DAY })], LEARNT);
  assert.deepEqual(kinds(afterSilence ? [afterSilence] : []), ['dormant-token-read info']);
  assert.match(
    afterSilence?.detail ?? '',
    /the first read since 2026-01-25T08:00:00Z; the longest silence before was 1h/,
  );
  const quarterly = [0, 91, 182, 273].map((day) => aRead({ at: T0 + day * DAY }));
  const { unusual } = judge(watched(), undefined, quarterly, ABOUT);
  assert.deepEqual(
    unusual.map((one) => one.detail.includes(' at 2026-04-06T')),
    [true],
  );
});
