import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withFindings } from '../../../functions/core/assessment/with-findings.ts';
import { noting, unnoted } from '../../../functions/core/findings/reported-findings.ts';
import { dueAtOf } from '../../../functions/core/assessment/due-times.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { NO_LAGS, slotsOf } from '../../fakes/facts.ts';

const SEEN = {
  kind: 'credential-unmanaged',
  subject: 'x',
  severity: 'warning',
  detail: 'Somebody saw it.',
} as const;
const FACTS = { slots: slotsOf(2), lags: NO_LAGS };

function findings(token: Token): string[] {
  return token.findings.map((one) => `${one.kind}/${one.subject} ${one.state}`);
}

describe('notes', () => {
  it('are findings until they are taken back', () => {
    const noted = withFindings(noting(aToken(), SEEN, { now: T0 }), FACTS, T0);
    assert.deepEqual(findings(noted), ['credential-unmanaged/x open']);
    const over = withFindings(unnoted(noted, 'credential-unmanaged', 'x'), FACTS, T0 + HOUR);
    assert.deepEqual(findings(over), ['credential-unmanaged/x resolved']);
    assert.deepEqual(
      over.outbox.map((fact) => fact.type === 'finding' && fact.change),
      ['opened', 'resolved'],
    );
  });

  it('are over by themselves at their time, and the sweep looks then', () => {
    const noted = noting(aToken({ inspectedAt: T0 }), SEEN, { now: T0, until: T0 + HOUR });
    assert.equal(
      dueAtOf(noted, FACTS, T0),
      Math.min(T0 + HOUR, dueAtOf(aToken({ inspectedAt: T0 }), FACTS, T0) ?? Infinity),
    );
    assert.deepEqual(findings(withFindings(withFindings(noted, FACTS, T0), FACTS, T0 + HOUR)), [
      'credential-unmanaged/x resolved',
    ]);
  });

  it('keep their first time when they are seen again, and change nothing when nothing changed', () => {
    const first = noting(aToken(), SEEN, { now: T0 });
    assert.equal(noting(first, SEEN, { now: T0 + HOUR }), first);
    const worse = noting(first, { ...SEEN, severity: 'critical' }, { now: T0 + HOUR });
    assert.deepEqual(
      worse.noted.map(({ seenAt, severity }) => [seenAt, severity]),
      [[T0, 'critical']],
    );
  });

  it('never grow beyond what a record can bear', () => {
    const many = Array.from({ length: 200 }, (_, index) => String(index)).reduce(
      (token, subject) => noting(token, { ...SEEN, subject }, { now: T0 }),
      aToken(),
    );
    assert.equal(many.noted.length, 40);
    assert.equal(many.noted.at(-1)?.subject, '199');
  });

  it('of one subject go alone', () => {
    const two = noting(noting(aToken(), SEEN, { now: T0 }), { ...SEEN, subject: 'y' }, { now: T0 });
    assert.deepEqual(
      unnoted(two, 'credential-unmanaged', 'x').noted.map((one) => one.subject),
      ['y'],
    );
    assert.deepEqual(unnoted(two, 'credential-unmanaged').noted, []);
    assert.equal(unnoted(two, 'credential-orphaned'), two);
  });
});
