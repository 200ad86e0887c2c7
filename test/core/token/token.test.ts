import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'node:test';
import { Token } from '../../../functions/core/token/token.ts';
import { anyTokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

describe('the record of a token', () => {
  it('comes back from storage as it went in', () => {
    fc.assert(
      fc.property(anyTokens, (token) => {
        const stored: unknown = JSON.parse(JSON.stringify(token));
        assert.deepEqual(Token.parse(stored), stored);
      }),
    );
  });

  it('keeps members that it does not know, and refuses a state of a credential that it does not know', () => {
    const token = aToken({ credentials: [{ id: 'v', origin: 'minted', state: 'current' }] });
    const later = {
      ...token,
      colour: 'red',
      credentials: [{ id: 'v', origin: 'minted', state: 'current', rank: 2 }],
    };
    assert.deepEqual(Token.parse(later), later);
    for (const spoiled of [
      { state: 'frozen' },
      { origin: 'bought' },
      { forcedRevocation: { cause: 'whim', at: T0 } },
    ])
      assert.throws(
        () =>
          Token.parse({
            ...token,
            credentials: [{ id: 'v', origin: 'minted', state: 'current', ...spoiled }],
          }),
        /invalid/i,
      );
    assert.throws(() => Token.parse({ ...token, failures: 'many' }), /failures/);
  });
});
