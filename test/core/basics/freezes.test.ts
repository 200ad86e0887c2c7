import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatFreeze, parseFreeze } from '../../../functions/core/basics/freezes.ts';

describe('freezes', () => {
  it('are rejected when they are none, or end before they begin', () => {
    for (const text of [
      '',
      'christmas',
      '2026-12-20 2027-01-05 UTC',
      '2026-12-20..2026-12-19 UTC',
      '2026-02-30..2026-03-05 UTC',
      '2026-12-20..2027-01-05',
      '2026-12-20..2027-01-05 Nowhere/At_All',
    ])
      assert.equal(parseFreeze(text), undefined, text);
    const freeze = parseFreeze('2026-12-20T18:00..2027-01-05 UTC');
    assert.equal(freeze && formatFreeze(freeze), '2026-12-20T18:00..2027-01-05 UTC');
  });
});
