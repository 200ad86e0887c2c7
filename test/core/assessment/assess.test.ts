import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { assess } from '../../../functions/core/assessment/assess.ts';
import { anyTokens, instants, providerFacts, tokens } from '../../fakes/arbitraries.ts';
import { aToken } from '../../fakes/tokens.ts';
import { kinds, CASES } from './cases.ts';

describe('what is wrong with a token', () => {
  for (const { kind, severity, token, at, quietAt, facts } of CASES)
    it(`${kind} (${severity})`, () => {
      assert.ok(
        kinds(aToken(token), at, facts).includes(`${kind} ${severity}`),
        kinds(aToken(token), at, facts).join(),
      );
      if (quietAt !== undefined)
        assert.ok(!kinds(aToken(token), quietAt, facts).some((one) => one.startsWith(kind)));
    });

  it('is nothing for one that was let go', () => {
    fc.assert(
      fc.property(tokens, providerFacts, instants, (token, facts, now) =>
        assert.deepEqual(assess({ ...token, detachedAt: now }, facts, now), []),
      ),
    );
  });

  it('is stated in sentences', () => {
    fc.assert(
      fc.property(anyTokens, providerFacts, instants, (token, facts, now) =>
        assess(token, facts, now).forEach(({ detail }) => assert.match(detail, /^[A-Z][^\n]+\.$/)),
      ),
    );
  });

  it('is the same whenever it is asked, and asking changes nothing', () => {
    fc.assert(
      fc.property(anyTokens, fc.option(providerFacts, { nil: undefined }), instants, (token, facts, now) => {
        const before = structuredClone(token);
        assert.deepEqual(assess(token, facts, now), assess(token, facts, now));
        assert.deepEqual(token, before);
      }),
    );
  });
});
