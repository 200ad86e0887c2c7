import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess } from '../../../functions/core/assessment/assess.ts';
import { OTHERS, withUnusual } from '../../../functions/core/detection/anomaly-findings.ts';
import type { Unusual } from '../../../functions/core/detection/anomaly.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

function seen(change: Partial<Unusual> = {}): Unusual {
  return {
    kind: 'reader-unrecognized',
    subject: 'role/x',
    severity: 'warning',
    detail: 'role/x read it',
    until: T0 + 7 * DAY,
    ...change,
  };
}

function noting(token: ReturnType<typeof aToken>, ...unusual: Unusual[]) {
  return withUnusual(token, { unusual, over: [] }, T0);
}

test('what is said already is not written again, until it would end hours later or is worse', () => {
  const once = noting(aToken(), seen());
  assert.equal(noting(once, seen({ until: T0 + 7 * DAY + HOUR, detail: 'once more' })), once);
  assert.equal(noting(once, seen({ until: T0 + 8 * DAY })).noted[0]?.until, T0 + 8 * DAY);
  const worse = noting(once, seen({ severity: 'critical' }));
  assert.equal(worse.noted[0]?.severity, 'critical');
  assert.equal(noting(worse, seen({ until: T0 + 9 * DAY })).noted[0]?.severity, 'critical');
});

test('each change is told in its own words: who did it is known later than that it was done', () => {
  const concluded = noting(
    aToken(),
    seen({ kind: 'out-of-band-change', subject: 'value', detail: 'somebody stored a version' }),
  );
  assert.equal(
    noting(
      concluded,
      seen({ kind: 'out-of-band-change', subject: 'value', detail: 'role/anna stored it', grows: true }),
    ).noted[0]?.detail,
    'role/anna stored it',
  );
});

test('what is over by now, or was ended, is not noted', () => {
  assert.deepEqual(noting(aToken(), seen({ until: T0 })).noted, []);
  assert.deepEqual(
    withUnusual(
      noting(aToken(), seen({ kind: 'rotation-disabled', subject: '' })),
      { unusual: [], over: ['rotation-disabled'] },
      T0,
    ).noted,
    [],
  );
});

test('beyond eight subjects of a kind, all further ones are one', () => {
  const crowd = Array.from({ length: 30 }, (_, index) =>
    seen({ subject: `role/${index}`, detail: `role/${index} read it` }),
  );
  const { noted } = noting(aToken(), ...crowd);
  assert.deepEqual([noted.length, noted.at(-1)?.subject], [9, OTHERS]);
  assert.match(noted.at(-1)?.detail ?? '', /^There are more; the latest: role\/8 read it$/);
});

test('what the installation reports is no finding of the token; what had a finding keeps it', () => {
  const quiet = withUnusual(aToken(), { unusual: [{ ...seen(), toldBy: 'bulk-read' }], over: [] }, T0);
  assert.deepEqual(
    [
      quiet.noted[0]?.toldBy,
      assess(quiet, undefined, T0).filter((one) => one.kind === 'reader-unrecognized'),
    ],
    ['bulk-read', []],
  );
  const later = noting(quiet, seen({ until: T0 + 8 * DAY }));
  assert.deepEqual(
    [
      later.noted[0]?.toldBy,
      assess(later, undefined, T0).filter((one) => one.kind === 'reader-unrecognized').length,
    ],
    [undefined, 1],
  );
  const told = withUnusual(
    noting(aToken(), seen()),
    { unusual: [{ ...seen({ until: T0 + 9 * DAY }), toldBy: 'bulk-read' }], over: [] },
    T0,
  );
  assert.deepEqual([told.noted.length, told.noted[0]?.toldBy], [1, undefined]);
});

test('something milder about the same subject does not take the place of what was worse', () => {
  const key = seen({
    kind: 'out-of-band-change',
    subject: 'key',
    severity: 'critical',
    detail: 'a foreign key',
    grows: true,
  });
  const { noted } = noting(aToken(), key, {
    ...key,
    severity: 'warning',
    detail: 'another key',
    until: T0 + 8 * DAY,
  });
  assert.deepEqual(
    noted.map((one) => [one.severity, one.detail, one.until]),
    [['critical', 'a foreign key', T0 + 8 * DAY]],
  );
});
