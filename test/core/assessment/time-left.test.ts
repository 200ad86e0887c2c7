import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withFindings } from '../../../functions/core/assessment/with-findings.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { FACTS, current, kinds, CASES } from './cases.ts';

describe('what comes next if no person acts', () => {
  for (const { kind, severity, token, at, facts } of CASES)
    it(`is foretold: ${kind} (${severity})`, () => {
      const record = withFindings(aToken(token), facts ?? FACTS, at);
      const outlook = record.outbox
        .filter((fact) => fact.type === 'finding')
        .find((fact) => fact.kind === kind)?.outlook;
      if (outlook === undefined) return;
      const then = kinds(aToken(token), outlook.at, facts);
      assert.ok(outlook.at > at);
      assert.ok(
        then.includes(outlook.becomes === 'expired' ? 'token-expired critical' : `${kind} critical`),
        then.join(),
      );
    });

  it('is known of what gets worse with time, and of nothing else', () => {
    const foretold = CASES.filter(({ token, at, facts }) =>
      withFindings(aToken(token), facts ?? FACTS, at).outbox.some(
        (fact) => fact.type === 'finding' && fact.outlook !== undefined,
      ),
    );
    assert.deepEqual(
      new Set(foretold.map(({ kind }) => kind)),
      new Set(
        [
          'rotation-stuck',
          'rotation-failed',
          'credential-limit-reached',
          'token-expiring',
          'max-age-near',
          'secret-unusable',
        ].filter((kind) => CASES.some((one) => one.kind === kind)),
      ),
    );
  });
});

describe('findings', () => {
  it('where nothing ends but the age that the policy allows are as critical as it says', () => {
    const stuck = (onMaxAge: 'warn' | 'page'): string[] =>
      kinds(
        aToken({
          failures: 2,
          failedAt: T0,
          activeAt: T0 + 88 * DAY,
          credentials: [current()],
          policy: { ...DEFAULT_POLICY, onMaxAge },
        }),
        T0 + 88 * DAY,
      );
    assert.deepEqual(
      [stuck('warn'), stuck('page')],
      [['rotation-failed warning'], ['rotation-failed critical']],
    );
  });
});
