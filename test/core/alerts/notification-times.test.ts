import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseWindow } from '../../../functions/core/basics/weekly-windows.ts';
import { wallTime } from '../../../functions/core/basics/wall-clocks.ts';
import {
  parseDigestTime,
  reminderGap,
  tellAt,
  type Habits,
} from '../../../functions/core/alerts/notification-times.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';

function habits(digest: string, ...quietHours: string[]): Habits {
  return {
    digest: parseDigestTime(digest),
    quietHours: quietHours.map((text) => parseWindow(text)).filter((window) => window !== undefined),
  };
}

const at = (text: string): number => Date.parse(text);
const told = (severity: 'info' | 'warning' | 'critical', now: string, when: Habits): string =>
  new Date(tellAt(severity, at(now), when)).toISOString();

test('a time of day is read with its zone, and nothing else is', () => {
  assert.deepEqual(parseDigestTime('08:30 Europe/Berlin'), { minute: 510, zone: 'Europe/Berlin' });
  for (const text of ['', 'off', '8:30 UTC', '24:00 UTC', '08:60 UTC', '08:30', '08:30 Mars/Olympus'])
    assert.equal(parseDigestTime(text), undefined, text);
});

test('what is critical is told at once, whatever the hour', () => {
  assert.equal(
    told('critical', '2026-01-05T03:00:00Z', habits('08:00 UTC', 'daily 00:00-24:00 UTC')),
    '2026-01-05T03:00:00.000Z',
  );
});

test('what can wait is told with the next digest, by the clock of its zone', () => {
  const berlin = habits('08:00 Europe/Berlin');
  assert.equal(told('warning', '2026-01-05T06:59:00Z', berlin), '2026-01-05T07:00:00.000Z');
  assert.equal(told('info', '2026-01-05T07:00:00Z', berlin), '2026-01-06T07:00:00.000Z');
  assert.equal(told('warning', '2026-07-05T07:00:00Z', berlin), '2026-07-06T06:00:00.000Z');
});

test('a digest comes once on the days on which clocks change', () => {
  const gap = habits('02:30 Europe/Berlin');
  assert.equal(
    told('warning', '2026-03-28T12:00:00Z', gap),
    '2026-03-29T01:00:00.000Z',
    'the clock jumps over 02:30: at the jump',
  );
  assert.equal(
    told('warning', '2026-10-24T12:00:00Z', gap),
    '2026-10-25T00:30:00.000Z',
    'the clock shows 02:30 twice: at the first',
  );
  assert.equal(told('warning', '2026-10-25T00:30:00Z', gap), '2026-10-26T01:30:00.000Z');
});

test('quiet hours hold back what is not critical until they end', () => {
  const quiet = habits('off', 'daily 20:00-08:00 Europe/Berlin', 'sat sun 00:00-24:00 Europe/Berlin');
  assert.equal(told('warning', '2026-01-05T12:00:00Z', quiet), '2026-01-05T12:00:00.000Z');
  assert.equal(told('warning', '2026-01-05T20:00:00Z', quiet), '2026-01-06T07:00:00.000Z');
  assert.equal(
    told('warning', '2026-01-09T20:00:00Z', quiet),
    '2026-01-12T07:00:00.000Z',
    'Friday evening: on Monday',
  );
  assert.equal(
    told('warning', '2026-03-27T20:00:00Z', quiet),
    '2026-03-30T06:00:00.000Z',
    'over the change to summer time',
  );
});

test('a digest in quiet hours comes at their end, and quiet hours without an end do not count', () => {
  assert.equal(
    told('warning', '2026-01-05T12:00:00Z', habits('06:00 UTC', 'daily 20:00-08:00 UTC')),
    '2026-01-06T08:00:00.000Z',
  );
  assert.equal(
    told('warning', '2026-01-05T12:00:00Z', habits('06:00 UTC', 'daily 00:00-24:00 UTC')),
    '2026-01-06T06:00:00.000Z',
  );
});

test('reminders come twice as late each time, a week apart at most', () => {
  assert.deepEqual(
    [1, 2, 3, 9].map((steps) => reminderGap(4 * HOUR, steps) / HOUR),
    [8, 16, 32, 168],
  );
});

test(
  'whatever the hour, a digest is at most a day and an hour away and shows its time on the wall, gaps ' +
    'apart',
  () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1439 }),
        fc.constantFrom(...zones),
        fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') }),
        (minute, zone, now) => {
          const next = tellAt('warning', now, { digest: { minute, zone }, quietHours: [] });
          assert.ok(next > now && next <= now + DAY + HOUR);
          const shown = wallTime(next, zone) % DAY;
          assert.ok(
            shown === minute * MINUTE || (shown > minute * MINUTE && shown <= minute * MINUTE + HOUR),
            'on the wall, or at the jump over it',
          );
        },
      ),
      { numRuns: 300 },
    );
  },
);
