import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { returnWish } from '../../../functions/core/rotation/failed-rollbacks.ts';
import { isAtRest, whyNotRotated } from '../../../functions/core/token/rotatable.ts';
import { rotationWish } from '../../../functions/core/rotation/next-rotation.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { anyTokens, instants, providerFacts } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const CASES: readonly (readonly [Partial<Token>, RegExp])[] = [
  [{ ending: { kind: 'retire', askedAt: T0, by: 'ana' } }, /was ended by a person/],
  [{ ending: { kind: 'detach', askedAt: T0, by: 'ana' } }, /was ended by a person/],
  [{ deletion: { at: T0, gone: true }, detachedAt: T0 }, /is gone: nothing is rotated.*keyturn retire/],
  [{ deletion: { at: T0, gone: false } }, /scheduled for deletion: restore it first/],
  [{ detachedAt: T0 }, /not registered with this installation any more: register it again/],
];

describe('a token of which nothing is rotated', () => {
  for (const [change, says] of CASES)
    it(`says why to a person, and wants nothing itself: ${JSON.stringify(change)}`, () => {
      const token = aToken({ ...change, rotateRequestedAt: T0 });
      assert.match(whyNotRotated(token) ?? '', says);
      assert.equal(rotationWish(token), undefined);
    });

  it(
    'is none that a person may ask for, where its secret cannot be managed: the next try may find it ' +
      'mended',
    () => {
      const token = aToken({ unusable: 'It is not understood.' });
      assert.deepEqual(
        [whyNotRotated(token), isAtRest(token), rotationWish(token)],
        [undefined, true, undefined],
      );
      assert.equal(isAtRest(aToken()), false);
    },
  );

  it('wants no rotation and goes back to nothing by itself, whatever else is so of it', () => {
    const at = fc.option(instants, { nil: undefined });
    const rests = fc.record({
      detachedAt: at,
      deletion: fc.option(fc.record({ at: instants, gone: fc.boolean() }), { nil: undefined }),
      unusable: fc.constantFrom(undefined, 'why'),
    });
    fc.assert(
      fc.property(anyTokens, rests, providerFacts, instants, (token, change, facts, now) => {
        const resting = { ...token, ...change };
        if (whyNotRotated(resting) !== undefined) assert.ok(isAtRest(resting));
        if (!isAtRest(resting)) return;
        assert.equal(rotationWish(resting), undefined);
        assert.equal(returnWish(resting, facts, now), undefined);
      }),
    );
  });
});
