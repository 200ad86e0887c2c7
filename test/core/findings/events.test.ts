import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { withFindings } from '../../../functions/core/assessment/with-findings.ts';
import { DETAIL_TYPES, EVENT_SOURCE, Fact } from '../../../functions/core/findings/events.ts';
import { lifecycleFact } from '../../../functions/core/token/telling.ts';
import { anyTokens, instants, providerFacts } from '../../fakes/arbitraries.ts';
import { aFinding, aLifecycleFact, aToken } from '../../fakes/tokens.ts';

describe('facts', () => {
  it('that findings make can be read back', () => {
    fc.assert(
      fc.property(anyTokens, providerFacts, instants, (token, facts, now) => {
        for (const fact of withFindings(token, facts, now).outbox)
          assert.deepEqual(Fact.parse(JSON.parse(JSON.stringify(fact))), fact);
      }),
    );
  });

  it('of a life can be read back, and are the same fact when told again in other words', () => {
    const token = aToken();
    const about = { what: 'revoked', about: 'h1', detail: 'retired', by: 'keyturn' } as const;
    const fact = lifecycleFact(token, { ...about, at: 1 });
    assert.deepEqual(Fact.parse(JSON.parse(JSON.stringify(fact))), fact);
    assert.equal(lifecycleFact(token, { ...about, at: 1, detail: 'other words' }).id, fact.id);
    assert.notEqual(lifecycleFact(aToken({ id: 'other-AbC123' }), { ...about, at: 1 }).id, fact.id);
  });

  it('keep what a later version wrote into them, and refuse what is wrong', () => {
    for (const fact of [aFinding(), aLifecycleFact()]) {
      assert.deepEqual(Fact.parse(fact), fact);
      assert.deepEqual(Fact.parse({ ...fact, colour: 'red' }), { ...fact, colour: 'red' });
    }
    assert.equal(Fact.safeParse({ ...aFinding(), sequence: 0 }).success, false);
  });

  it('have one name on the bus for each kind', () => {
    assert.equal(EVENT_SOURCE, 'keyturn');
    assert.deepEqual(
      Object.keys(DETAIL_TYPES).toSorted(),
      Fact.options.map((option) => option.shape.type.value).toSorted(),
    );
    assert.equal(new Set(Object.values(DETAIL_TYPES)).size, Object.keys(DETAIL_TYPES).length);
  });
});
