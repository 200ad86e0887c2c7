import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { instantFrom } from '../../../functions/core/basics/lenient-time.ts';
import { HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';

const AT = Date.UTC(2026, 0, 5, 8, 0, 0);
const NOW = Date.UTC(2026, 0, 6);

describe('a time that somebody else wrote', () => {
  it('is read in every form of ISO 8601, as UTC where it names no zone', () => {
    const forms = [
      '2026-01-05T08:00:00Z',
      '2026-01-05T08:00:00',
      '2026-01-05t08:00:00z',
      '2026-01-05 08:00:00',
      '2026-01-05_08:00:00',
      '2026-01-05T08:00',
      '2026-01-05T08',
      '20260105T080000Z',
      '20260105T0800',
      '20260105080000',
      '202601050800',
      '2026-01-05T08:00:00.000Z',
      '2026-01-05T08:00:00.0000000Z',
      '2026-01-05T08:00:00,000Z',
      '2026-01-05T09:00:00+01:00',
      '2026-01-05T09:00:00+0100',
      '2026-01-05T09:00+01',
      '2026-01-05 09:00:00 +0100',
      '2026-01-05T07:30:00-00:30',
      '2026-01-05T07:00:00−01:00',
      '2026-01-05 08:00:00 UTC',
      '2026-01-05T08:00:00Z[UTC]',
      '2026-01-05T09:00:00+01:00[Europe/Berlin]',
      '2026-W02-1T08:00:00Z',
      '2026W021T080000Z',
      '2026-005T08:00:00Z',
      '2026005T080000',
      ' 2026-01-05T08:00:00Z\n',
    ];
    for (const form of forms) assert.equal(instantFrom(form, NOW), AT, form);
    assert.equal(instantFrom('2026-01-05', NOW), AT - 8 * HOUR);
    assert.equal(instantFrom('20260105', NOW), AT - 8 * HOUR);
    assert.equal(instantFrom('2026-01-05T24:00:00Z', Infinity), AT + 16 * HOUR);
    assert.equal(instantFrom('2026-01-05T08:00:00.25Z', NOW), AT + 250);
    assert.equal(instantFrom('2025-12-31T23:59:60Z', NOW), Date.UTC(2026, 0, 1));
  });

  it('is read as a count since 1970, in whatever unit, and as mails and logs write it', () => {
    for (const count of [AT / SECOND, AT, AT * 1e3, AT * 1e6])
      for (const said of [count, String(count)]) assert.equal(instantFrom(said, NOW), AT, String(said));
    assert.equal(instantFrom(AT / SECOND + 0.5, NOW), AT + 500);
    for (const said of [
      'Mon, 05 Jan 2026 08:00:00 GMT',
      'Mon, 05 Jan 2026 09:00:00 +0100',
      'Jan 5, 2026 08:00:00',
      '5 January 2026 08:00',
      `/Date(${AT})/`,
    ])
      assert.equal(instantFrom(said, NOW), AT, said);
  });

  it('is now where it lies ahead, and nothing where it is none', () => {
    assert.equal(instantFrom('2099-01-05T00:00:00Z', NOW), NOW);
    assert.equal(instantFrom(NOW + MINUTE, NOW), NOW);
    for (const none of [
      undefined,
      null,
      '',
      ' ',
      'yesterday',
      'Z',
      '2026-13-05',
      '2026-02-30',
      '2026-01-05T25:00:00Z',
      '2026-01-05T08:61:00Z',
      '2026-01-05T08:00:00Q',
      '2026-000',
      '2026-W54-1',
      0,
      -1,
      5,
      Number.NaN,
      Infinity,
      {},
      [],
      true,
      '1',
      '0000-00-00',
      '1970-01-01T00:00:00Z',
    ])
      assert.equal(instantFrom(none, NOW), undefined, JSON.stringify(none));
  });

  it('never throws, and never is later than now', () => {
    const said = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.stringMatching(/^[0-9TZ:+. -]{0,30}$/),
    );
    fc.assert(
      fc.property(said, (text) => (instantFrom(text, NOW) ?? NOW) <= NOW),
      { numRuns: 2_000 },
    );
  });
});
