import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  OVERDUE_AFTER,
  assessStatus,
  statusTimes,
} from '../../../functions/core/assessment/assess-status.ts';
import { NO_ANSWER_AFTER } from '../../../functions/core/validity/validity.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
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

describe('the status of a current credential', () => {
  it('is nothing to assess while there is none', () => {
    assert.deepEqual(assessStatus(aToken(), T0 + 900 * DAY), []);
    assert.deepEqual(statusTimes(aToken()), []);
  });

  it('says how old it is, and since when it is unknown whether it works, with the last reason', () => {
    const token = aToken({
      credentials: [CURRENT],
      activeAt: T0,
      validity: { at: T0 + DAY, outcome: 'unknown', reason: 'The issuer answered 503.' },
    });
    assert.deepEqual(
      assessStatus(token, T0 + NO_ANSWER_AFTER).map((one) => one.detail),
      [
        'Whether the current value works is not known since 2026-01-05T09:00:00Z. The last time: The ' +
          'issuer answered 503.',
      ],
    );
    const old = assessStatus({ ...token, activeAt: T0 + 91 * DAY }, T0 + 90 * DAY + OVERDUE_AFTER);
    assert.deepEqual(
      old.map((one) => one.detail),
      ['The current credential is of 2026-01-05T09:00:00Z, and its policy allows at most 90d.'],
    );
  });

  it('changes at no other moments than those it names', () => {
    fc.assert(
      fc.property(anyTokens, instants, instants, (token, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        if (statusTimes(token).some((at) => at > from && at <= to)) return;
        assert.deepEqual(assessStatus(token, from), assessStatus(token, to));
      }),
    );
  });
});
