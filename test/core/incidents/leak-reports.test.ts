import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Whose, counted, type Reported } from '../../../functions/core/incidents/leak-reports.ts';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';

const RATE_LIMIT = { max: 3, per: 10 * MINUTE };

function flood(count: number, every: number): { reports: readonly Reported[]; held: boolean[] } {
  let reports: readonly Reported[] = [];
  const held: boolean[] = [];
  for (let index = 0; index < count; index++) {
    const next = counted(reports, `f${index}`, RATE_LIMIT, T0 + index * every);
    reports = next.reports;
    held.push(next.held);
  }
  return { reports, held };
}

describe('the rate limit', () => {
  it('holds what comes when too many came at once', () =>
    assert.deepEqual(flood(5, MINUTE).held, [false, false, false, true, true]));

  it('lets through what comes slowly', () =>
    assert.deepEqual(flood(6, 5 * MINUTE).held, [false, false, false, false, false, false]));

  it('counts each credential once, and says the same of it again', () => {
    const { reports } = flood(4, MINUTE);
    for (const [fingerprint, held] of [
      ['f0', false],
      ['f3', true],
    ] as const) {
      const again = counted(reports, fingerprint, RATE_LIMIT, T0 + 5 * MINUTE);
      assert.deepEqual([again.held, again.isFlood, again.reports.length], [held, true, 4]);
    }
  });

  it('is closed again once the time is over, and keeps a bounded list', () => {
    assert.equal(counted(flood(5, MINUTE).reports, 'late', RATE_LIMIT, T0 + 20 * MINUTE).held, false);
    assert.ok(flood(300, 1).reports.length <= 200);
  });
});

describe('a question', () => {
  const digest = 'a'.repeat(64);
  it('takes digests and nothing that could be a value', () => {
    assert.ok(Whose.safeParse({ kind: 'whose', digests: [digest] }).success);
    for (const wrong of ['glpat-0123456789', digest.toUpperCase(), `${digest}0`, ''])
      assert.ok(!Whose.safeParse({ kind: 'whose', digests: [wrong] }).success, wrong);
    assert.ok(!Whose.safeParse({ kind: 'whose', digests: [] }).success);
    assert.ok(
      !Whose.safeParse({ kind: 'whose', digests: Array.from({ length: 101 }, () => digest) }).success,
    );
  });
});
