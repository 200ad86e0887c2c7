import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assessIncidents, incidentTimes } from '../../../functions/core/assessment/assess-incidents.ts';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const LEAK: Incident = { id: 'h1', exposed: [{ id: 'v1' }], source: 'a scanner', reportedAt: T0 };
const WITHIN = 15 * MINUTE;

function kinds(incident: Incident, now: number): string[] {
  return assessIncidents(aToken({ incidents: [incident] }), now).map((one) => `${one.kind}/${one.severity}`);
}

describe('findings of a leak', () => {
  it('is open and critical from its report until it is contained and replaced', () => {
    assert.deepEqual(kinds(LEAK, T0), ['credential-leaked/critical']);
    assert.deepEqual(kinds({ ...LEAK, containedAt: T0 + 1 }, T0 + 1), ['credential-leaked/critical']);
    assert.deepEqual(kinds({ ...LEAK, replacedAt: T0 + 1 }, T0 + 1), ['credential-leaked/critical']);
    assert.deepEqual(kinds({ ...LEAK, containedAt: T0 + 1, replacedAt: T0 + 1 }, T0 + WITHIN), []);
  });

  it('is told once more when the time for the answer is over', () => {
    assert.deepEqual(kinds(LEAK, T0 + WITHIN), ['credential-leaked/critical', 'leak-not-contained/critical']);
    assert.ok(incidentTimes(aToken({ incidents: [LEAK] })).includes(T0 + WITHIN));
  });

  it('says what it waits for, since when it is out, and who says so', () => {
    const says = (change: Partial<Incident>): string =>
      assessIncidents(aToken({ incidents: [{ ...LEAK, ...change }] }), T0)[0]?.detail ?? '';
    assert.match(
      says({ exposedAt: T0 - MINUTE }),
      /a scanner, exposed since 2026-01-05T08:59:00Z: it is being replaced, then it is revoked\.$/,
    );
    assert.match(says({ held: true }), /until a person says so\.$/);
    assert.match(says({ containedAt: T0 }), /there is no new one yet\.$/);
    assert.match(says({ replacedAt: T0 }), /its revocation is not verified yet\.$/);
  });
});
