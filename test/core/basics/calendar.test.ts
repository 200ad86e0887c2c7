import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  closedUntil,
  isOpen,
  longestClosed,
  nextOpening,
  type Calendar,
} from '../../../functions/core/basics/calendar.ts';
import { parseFreeze } from '../../../functions/core/basics/freezes.ts';
import { parseWindow } from '../../../functions/core/basics/weekly-windows.ts';
import { DAY, HOUR, MINUTE, SECOND, formatInstant } from '../../../functions/core/basics/time.ts';

function calendar(windows: readonly string[], freezes: readonly string[] = []): Calendar {
  return {
    windows: windows.map((text) => parseWindow(text) ?? assert.fail(`no window: ${text}`)),
    freezes: freezes.map((text) => parseFreeze(text) ?? assert.fail(`no freeze: ${text}`)),
  };
}

function opening(made: Calendar, at: string): string | undefined {
  const found = nextOpening(made, Date.parse(at));
  return found === undefined ? undefined : formatInstant(found);
}

/**
 * Hours around the changes of 2026: Berlin on March 29 and October 25, New York on March 8 and November 1.
 */
const moments = fc
  .integer({ min: 0, max: 366 * 24 * 60 })
  .map((minutes) => Date.UTC(2026, 0, 1) + minutes * MINUTE);

const windowTexts = fc.constantFrom(
  'mon-fri 09:00-17:00 Europe/Berlin',
  'sun 01:30-02:30 America/New_York',
  'daily 23:30-00:30 Australia/Lord_Howe',
  'wed 22:00-04:00 Asia/Kathmandu',
);

const freezeTexts = fc.constantFrom(
  '2026-03-27..2026-03-30 Europe/Berlin',
  '2026-10-20T06:00..2026-11-02T18:00 America/New_York',
  '2026-06-01..2026-06-30 UTC',
);

describe('windows', () => {
  it('open at the hour of the wall clock, in winter and in summer', () => {
    const office = calendar(['mon-fri 09:00-17:00 Europe/Berlin']);
    assert.equal(opening(office, '2026-01-05T03:00:00Z'), '2026-01-05T08:00:00Z');
    assert.equal(opening(office, '2026-07-06T03:00:00Z'), '2026-07-06T07:00:00Z');
    assert.equal(opening(office, '2026-01-05T09:30:00Z'), '2026-01-05T09:30:00Z');
    assert.equal(opening(office, '2026-01-09T16:00:00Z'), '2026-01-12T08:00:00Z');
  });

  it('reach over midnight, and count for the day on which they begin', () => {
    const night = calendar(['fri 22:00-04:00 UTC']);
    assert.equal(opening(night, '2026-01-10T03:59:00Z'), '2026-01-10T03:59:00Z');
    assert.equal(opening(night, '2026-01-10T04:00:00Z'), '2026-01-16T22:00:00Z');
  });

  it('are one calendar together', () => {
    const two = calendar(['mon 09:00-10:00 UTC', 'wed 09:00-10:00 America/New_York']);
    assert.equal(opening(two, '2026-01-05T10:00:00Z'), '2026-01-07T14:00:00Z');
  });

  it('are rejected when they are none', () => {
    for (const text of [
      '',
      'weekdays 09:00-17:00 UTC',
      'mon 9-17 UTC',
      'mon 09:00-17:00',
      'mon 09:00-17:00 Mars/Olympus',
      'mon 09:00-09:00 UTC',
      'mon 25:00-26:00 UTC',
      'mon 09:61-10:00 UTC',
      'mon 24:00-02:00 UTC',
    ])
      assert.equal(parseWindow(text), undefined, text);
  });
});

describe('freezes', () => {
  it('hold from the first day to the last, both included, by the wall clock', () => {
    const frozen = calendar([], ['2026-12-20..2027-01-05 Europe/Berlin']);
    assert.equal(opening(frozen, '2026-12-19T22:59:00Z'), '2026-12-19T22:59:00Z');
    assert.equal(opening(frozen, '2026-12-19T23:00:00Z'), '2027-01-05T23:00:00Z');
  });

  it('may name hours, and one may follow upon another', () => {
    const frozen = calendar(
      [],
      ['2026-03-01T12:00..2026-03-02T08:00 UTC', '2026-03-02T07:00..2026-03-02T20:00 UTC'],
    );
    assert.equal(opening(frozen, '2026-03-01T13:00:00Z'), '2026-03-02T20:00:00Z');
  });

  it('win over windows', () => {
    const both = calendar(['mon-fri 09:00-17:00 UTC'], ['2026-01-06..2026-01-07 UTC']);
    assert.equal(opening(both, '2026-01-05T18:00:00Z'), '2026-01-08T09:00:00Z');
  });
});

describe('calendars', () => {
  it('open at a moment that is open, and at none before it', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(windowTexts, { maxLength: 3 }),
        fc.uniqueArray(freezeTexts, { maxLength: 3 }),
        moments,
        (windows, freezes, at) => {
          const made = calendar(windows, freezes);
          const found = nextOpening(made, at) ?? assert.fail('never opens');
          assert.ok(found >= at && isOpen(made, found));
          for (let before = at; before < found; before += Math.max(7 * MINUTE, (found - at) / 40))
            assert.ok(!isOpen(made, before), formatInstant(before));
          if (found > at) assert.ok(!isOpen(made, found - SECOND));
        },
      ),
    );
  });

  it('say when hours in which something may not be are over, one after the other', () => {
    const { windows } = calendar(['fri 20:00-24:00 UTC', 'sat sun 00:00-24:00 UTC']);
    assert.equal(closedUntil(windows, Date.UTC(2026, 0, 9, 21)), Date.UTC(2026, 0, 12));
    assert.equal(closedUntil(windows, Date.UTC(2026, 0, 9, 19)), Date.UTC(2026, 0, 9, 19));
    assert.equal(closedUntil([], 7), 7);
    assert.equal(closedUntil(calendar(['daily 00:00-24:00 UTC']).windows, 7), undefined);
  });

  it('tell how long they stay closed at the longest', () => {
    assert.equal(longestClosed(calendar([])), 0);
    assert.equal(longestClosed(calendar(['daily 00:00-12:00 UTC'])), 12 * HOUR);
    assert.equal(longestClosed(calendar([], ['2026-01-01..2026-01-31 UTC'])), 31 * DAY);
    assert.equal(longestClosed(calendar(['mon 00:00-24:00 UTC'], ['2026-01-05..2026-01-05 UTC'])), 7 * DAY);
  });
});
