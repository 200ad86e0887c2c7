import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  formatDuration,
  formatInstant,
  parseDuration,
} from '../../../functions/core/basics/time.ts';
import { durationTexts } from '../../fakes/arbitraries.ts';

describe('durations', () => {
  it('reads seconds, minutes, hours and days', () => {
    assert.deepEqual(['30s', '15m', '12h', '90d', ' 1d '].map(parseDuration), [
      30 * SECOND,
      15 * MINUTE,
      12 * HOUR,
      90 * DAY,
      DAY,
    ]);
  });

  it('reads nothing else', () => {
    for (const text of ['', '5', 'd', '-1d', '1.5h', '1 h', '1w', '1D', '1234567s', '1h30m', '0x1d', '١d'])
      assert.equal(parseDuration(text), undefined, text);
  });

  it('comes back from text as it went in, and in no more characters', () => {
    fc.assert(
      fc.property(durationTexts, (text) => {
        const length = parseDuration(text);
        assert.ok(length !== undefined);
        assert.equal(parseDuration(formatDuration(length)), length);
        assert.ok(formatDuration(length).length <= String(Number(text.slice(0, -1))).length + 1);
      }),
    );
  });

  it('writes the largest unit that is exact', () => {
    assert.deepEqual([0, 1, 90 * SECOND, 90 * MINUTE, 120 * MINUTE, 48 * HOUR].map(formatDuration), [
      '0s',
      '1s',
      '90s',
      '90m',
      '2h',
      '2d',
    ]);
  });
});

describe('instants', () => {
  it('are ISO 8601 in UTC, without fractions, and round down', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
        (date) => {
          const text = formatInstant(date.getTime());
          assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
          assert.equal(Date.parse(text), Math.floor(date.getTime() / SECOND) * SECOND);
        },
      ),
    );
  });
});
