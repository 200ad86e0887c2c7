import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { momentsOf, wallTime } from '../../../functions/core/basics/wall-clocks.ts';
import { MINUTE, formatInstant } from '../../../functions/core/basics/time.ts';

const BERLIN = 'Europe/Berlin';

const ZONES = [BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'];

/**
 * Hours around the changes of 2026: Berlin on March 29 and October 25, New York on March 8 and November 1.
 */
const moments = fc
  .integer({ min: 0, max: 366 * 24 * 60 })
  .map((minutes) => Date.UTC(2026, 0, 1) + minutes * MINUTE);

describe('wall clocks', () => {
  it('show what a moment is in a zone, and the moment is found again', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom(...ZONES), (at, zone) => {
        const { first, last } = momentsOf(wallTime(at, zone), zone);
        assert.ok(first === at || last === at, `${formatInstant(at)} in ${zone}`);
      }),
    );
  });

  it('show one hour twice when they are set back', () => {
    const { first, last } = momentsOf(Date.UTC(2026, 9, 25, 2, 30), BERLIN);
    assert.deepEqual([first, last].map(formatInstant), ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']);
  });

  it('jump over an hour when they are set forward: what they never show is the moment of the jump', () => {
    const { first, last } = momentsOf(Date.UTC(2026, 2, 29, 2, 30), BERLIN);
    assert.deepEqual([first, last].map(formatInstant), ['2026-03-29T01:00:00Z', '2026-03-29T01:00:00Z']);
  });
});
