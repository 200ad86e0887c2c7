import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Generation, Token } from '../../functions/core/token.ts';
import { urgencyOf } from '../../functions/core/urgency.ts';
import { T0, aToken } from '../fakes/tokens.ts';

const OLD: Generation = { id: 'v', handle: 'h', origin: 'minted', state: 'revoking' };
const LEAK = { id: 'h', exposed: [{ id: 'v', handle: 'h' }], source: 'a scanner', reportedAt: T0 };

function of(fields: Partial<Generation>, token: Partial<Token> = {}): string | undefined {
  const one = { ...OLD, ...fields };
  return urgencyOf(aToken({ generations: [one], ...token }), one);
}

describe('urgency', () => {
  it('is none of what merely comes to its end', () => {
    assert.equal(of({}), undefined);
    assert.equal(of({ condemned: true }), undefined);
    assert.equal(of({ neverCurrent: true }), undefined);
  });

  it('is what outsiders have, also after it was contained; a report that is held changes nothing', () => {
    assert.equal(of({}, { incidents: [LEAK] }), 'exposed');
    assert.equal(of({}, { incidents: [{ ...LEAK, containedAt: T0, replacedAt: T0 }] }), 'exposed');
    assert.equal(of({}, { incidents: [{ ...LEAK, held: true }] }), undefined);
  });

  it('is what a person or the policy wants dead, and what was made on trial', () => {
    assert.equal(of({ askedBy: 'ana' }), 'person');
    assert.equal(of({}, { ending: { kind: 'retire', askedAt: T0, by: 'ana' } }), 'person');
    assert.equal(of({}, { ending: { kind: 'detach', askedAt: T0, by: 'ana' } }), undefined);
    assert.equal(of({ state: 'current', order: { cause: 'max-age', at: T0 } }), 'order');
    assert.equal(of({ trialOf: 'a' }), 'trial');
  });

  it('is what no consumer ever had while another credential is out', () => {
    const elsewhere = { ...LEAK, exposed: [{ id: 'w', handle: 'i' }] };
    assert.equal(of({ neverCurrent: true }, { incidents: [elsewhere] }), 'in the way of a leak');
    assert.equal(of({}, { incidents: [elsewhere] }), undefined);
  });
});
