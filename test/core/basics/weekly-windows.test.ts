import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOpen, nextOpening, type Calendar } from '../../../functions/core/basics/calendar.ts';
import { parseFreeze } from '../../../functions/core/basics/freezes.ts';
import { formatWindow, parseWindow } from '../../../functions/core/basics/weekly-windows.ts';
import { formatInstant } from '../../../functions/core/basics/time.ts';

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

describe('windows', () => {
  it('last an hour longer over a fold, and an hour less over a gap', () => {
    const early = calendar(['sun 02:00-03:00 Europe/Berlin']);
    assert.equal(opening(early, '2026-10-24T22:00:00Z'), '2026-10-25T00:00:00Z');
    assert.ok(isOpen(early, Date.parse('2026-10-25T01:59:00Z')));
    assert.ok(!isOpen(early, Date.parse('2026-10-25T02:00:00Z')));
    // On that day there is no such hour at all: the next Sunday it is.
    assert.equal(opening(early, '2026-03-28T22:00:00Z'), '2026-04-05T00:00:00Z');
  });

  it('are read in the ways people write them, and written so that they are read again', () => {
    for (const [text, written] of [
      ['mon-fri 09:00-17:00 Europe/Berlin', 'mon tue wed thu fri 09:00-17:00 Europe/Berlin'],
      ['sat, sun 00:00-24:00 UTC', 'sat sun 00:00-24:00 UTC'],
      ['fri-mon 22:00-04:00 UTC', 'mon fri sat sun 22:00-04:00 UTC'],
      ['02:00-05:00 UTC', 'daily 02:00-05:00 UTC'],
      ['DAILY  02:00-05:00   UTC', 'daily 02:00-05:00 UTC'],
    ] as const) {
      const window = parseWindow(text);
      assert.equal(window && formatWindow(window), written);
      assert.deepEqual(parseWindow(written), window);
    }
  });
});
