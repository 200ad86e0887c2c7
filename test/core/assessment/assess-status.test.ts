import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  OVERDUE_AFTER,
  assessStatus,
  statusTimes,
} from '../../../functions/core/assessment/assess-status.ts';
import { NO_ANSWER_AFTER } from '../../../functions/core/validity/validity.ts';
import { DAY, HOUR, MINUTE, type Instant } from '../../../functions/core/basics/time.ts';
import type { Slots } from '../../../functions/core/issuer/issuer-facts.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { anyTokens, instants } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const CURRENT: Credential = {
  id: 'v',
  handle: 'h',
  origin: 'minted',
  state: 'current',
  issuedAt: T0,
  promotedAt: T0,
};

const MANY: Slots = { count: 'many', of: ['account'] };

describe('the status of a current credential', () => {
  it('is nothing to assess while there is none', () => {
    assert.deepEqual(assessStatus(aToken(), undefined, T0 + 900 * DAY), []);
    assert.deepEqual(statusTimes(aToken()), []);
  });

  it('says how old it is, and since when it is unknown whether it works, with the last reason', () => {
    const token = aToken({
      credentials: [CURRENT],
      activeAt: T0,
      validity: { at: T0 + DAY, outcome: 'unknown', reason: 'The issuer answered 503.' },
    });
    assert.deepEqual(
      assessStatus(token, undefined, T0 + NO_ANSWER_AFTER).map((one) => one.detail),
      [
        'Whether the current value works is not known since 2026-01-05T09:00:00Z. The last time: The ' +
          'issuer answered 503.',
      ],
    );
    const old = assessStatus({ ...token, activeAt: T0 + 91 * DAY }, undefined, T0 + 90 * DAY + OVERDUE_AFTER);
    assert.deepEqual(
      old.map((one) => one.detail),
      ['The current credential is of 2026-01-05T09:00:00Z, and its policy allows at most 90d.'],
    );
  });

  it('is critical without a wait where full lists leave it out for longer than they may be behind', () => {
    const facts = { slots: MANY, lags: { accepted: 0, refused: 0, listed: HOUR } };
    const leftOut = (last: Instant): Token =>
      aToken({
        credentials: [{ ...CURRENT, notActive: { as: 'absent', since: T0, last } }],
        activeAt: T0,
        validity: { at: last, outcome: 'unknown', reason: 'The issuer answered 401.' },
      });
    assert.deepEqual(assessStatus(leftOut(T0 + HOUR - 1), facts, T0 + HOUR), []);
    assert.deepEqual(assessStatus(leftOut(T0 + HOUR), facts, T0 + HOUR), [
      {
        kind: 'validity-unknown',
        severity: 'critical',
        detail:
          'Whether the current value works is not known since 2026-01-05T09:00:00Z. ' +
          "Its issuer's lists have left it out since 2026-01-05T09:00:00Z: it may be gone. " +
          'The last time: The issuer answered 401.',
      },
    ]);
    assert.equal(assessStatus(leftOut(T0 + 5 * MINUTE), undefined, T0 + HOUR)[0]?.severity, 'critical');
    assert.deepEqual(assessStatus(leftOut(T0 + 5 * MINUTE - 1), undefined, T0 + HOUR), []);
  });

  it('is critical at once where its list shows that it was ended or disabled', () => {
    for (const as of ['revoked', 'expired', 'disabled'] as const) {
      const token = aToken({ credentials: [{ ...CURRENT, notActive: { as, since: T0, last: T0 } }] });
      const [finding, ...others] = assessStatus(token, undefined, T0);
      assert.deepEqual(others, []);
      assert.equal(finding?.severity, 'critical');
      assert.match(finding?.detail ?? '', new RegExp(`have shown it as ${as} since`));
    }
  });

  it('changes at no other moments than those it names', () => {
    fc.assert(
      fc.property(anyTokens, instants, instants, (token, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        if (statusTimes(token).some((at) => at > from && at <= to)) return;
        assert.deepEqual(assessStatus(token, undefined, from), assessStatus(token, undefined, to));
      }),
    );
  });
});
