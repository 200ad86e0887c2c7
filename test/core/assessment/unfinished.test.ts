import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess } from '../../../functions/core/assessment/assess.ts';
import { withFindings } from '../../../functions/core/assessment/with-findings.ts';
import { END_SLACK, silentIn, unfinished } from '../../../functions/core/assessment/unfinished.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { instants, providerFacts, tokens } from '../../fakes/arbitraries.ts';
import { T0, aLifecycleFact, aToken } from '../../fakes/tokens.ts';

/** Later than any date in a record of the arbitraries, and than all that may follow from it. */
const LATER = T0 + 400 * DAY;

describe('every state that is not over', () => {
  it('has an open finding once its date is over by two days, in whatever record', () => {
    fc.assert(
      fc.property(tokens, providerFacts, (token, facts) => {
        const told = withFindings(token, facts, LATER);
        assert.deepEqual(silentIn({ ...told, outbox: [] }, LATER), []);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has the same in a token that a person ended', () => {
    fc.assert(
      fc.property(tokens, providerFacts, instants, (token, facts, askedAt) => {
        const ending: Token = { ...token, ending: { kind: 'retire', askedAt, by: 'ana' } };
        const silent = silentIn({ ...withFindings(ending, facts, LATER), outbox: [] }, LATER);
        // Without anything left to do, the end itself is recorded with the next save.
        const isSpent =
          token.suspects.length === 0 &&
          token.credentials.every((one) => one.state === 'ended') &&
          token.attempts.every((one) => one.tidy === true && ['promoted', 'aborted'].includes(one.state));
        assert.deepEqual(isSpent ? [] : silent, []);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is reported by a finding that the assessment makes, never by one that is not open', () => {
    fc.assert(
      fc.property(tokens, providerFacts, (token, facts) => {
        const kinds = new Set(assess(token, facts, LATER).map((one) => one.kind));
        for (const one of unfinished(withFindings(token, facts, LATER)))
          assert.ok(one.finding === undefined || kinds.has(one.finding));
      }),
    );
  });
});

describe('would never end', () => {
  const silent = (change: Partial<Token>): string[] =>
    silentIn(aToken(change), T0 + END_SLACK + DAY).map((one) => one.what);

  it('facts that were not reported', () =>
    assert.deepEqual(silent({ outbox: [aLifecycleFact()] }), ['facts that are not told']));
  it('a deleted secret whose credential is active, without its finding', () =>
    assert.deepEqual(
      silent({
        detachedAt: T0,
        deletion: { at: T0, gone: true },
        credentials: [{ id: 'v', origin: 'minted', state: 'current' }],
      }),
      ['a deleted secret whose credential is active'],
    ));
  it('a token at rest is not', () =>
    assert.deepEqual(silent({ credentials: [{ id: 'v', origin: 'minted', state: 'current' }] }), []));
  it('a token that was let go is not', () =>
    assert.deepEqual(
      silent({ detachedAt: T0, credentials: [{ id: 'v', origin: 'minted', state: 'revoking' }] }),
      [],
    ));
});
