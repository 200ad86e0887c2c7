import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ofAttempt, ofCredential } from '../../../functions/core/assessment/unfinished-parts.ts';
import { withFindings } from '../../../functions/core/assessment/with-findings.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { anAttempt } from '../token/attempts.ts';
import { FACTS, current, old } from './cases.ts';

describe('a state that is not over', () => {
  it('of a rotation under way ends at its deadline, and has none once the rotation is accounted for', () => {
    const open = anAttempt({ id: 'a', state: 'open', deadline: T0 + HOUR });
    assert.deepEqual(ofAttempt(aToken(), open), [
      { what: 'the rotation a, which is open', endsAt: T0 + HOUR, finding: undefined },
    ]);
    assert.deepEqual(ofAttempt(aToken(), anAttempt({ state: 'promoted', tidy: true })), []);
  });

  it('of a previous credential is its grace period, and names the open finding about it', () => {
    const previous = old();
    const token = aToken({ credentials: [current(), previous] });
    const ends = T0 + token.policy.maxGrace;
    const late = withFindings(token, FACTS, ends + DAY);
    const [one] = ofCredential(late, previous);
    assert.deepEqual(one, {
      what: 'the credential h0, which is in grace',
      endsAt: ends,
      finding: 'previous-credential-in-use',
    });
    assert.deepEqual(ofCredential(token, current()), []);
  });
});
