import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { likeness, type Identity } from '../../../functions/core/issuer/likeness.ts';
import { DAY, SECOND } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';

const identities: fc.Arbitrary<Identity> = fc.record(
  {
    handle: fc.constantFrom('h1', 'h2'),
    createdAt: fc.constantFrom(T0, T0 + DAY),
    fingerprint: fc.constantFrom('3:f1', '3:f2'),
  },
  { requiredKeys: [], noNullPrototype: true },
);

describe('likeness', () => {
  it('is the same both ways', () => {
    fc.assert(fc.property(identities, identities, (a, b) => assert.equal(likeness(a, b), likeness(b, a))));
  });

  it(
    'of a credential to itself is never "different", and "unknown" ' +
      'only for one without any name or value',
    () => {
      fc.assert(
        fc.property(identities, (one) =>
          assert.equal(
            likeness(one, one),
            one.handle === undefined && one.fingerprint === undefined ? 'unknown' : 'same',
          ),
        ),
      );
    },
  );

  it(
    'takes a handle that was given out again for another credential, and dates of different precision ' +
      'for one',
    () => {
      assert.equal(
        likeness({ handle: 'a2', createdAt: T0 }, { handle: 'a2', createdAt: T0 + DAY }),
        'different',
      );
      assert.equal(
        likeness({ handle: 'a2', createdAt: T0 }, { handle: 'a2', createdAt: T0 + SECOND }),
        'same',
      );
      assert.equal(likeness({ handle: 'a2', createdAt: T0 }, { handle: 'a2' }), 'same');
    },
  );

  it(
    'protects where name and value say different things, and does ' +
      'not guess where neither can be compared',
    () => {
      assert.equal(
        likeness({ handle: 'h1', fingerprint: '3:f1' }, { handle: 'h2', fingerprint: '3:f1' }),
        'same',
      );
      assert.equal(
        likeness({ handle: 'h1', fingerprint: '3:f1' }, { handle: 'h1', fingerprint: '3:f2' }),
        'same',
      );
      assert.equal(likeness({ handle: 'h1' }, { fingerprint: '3:f1' }), 'unknown');
      assert.equal(likeness({ handle: 'h1' }, { handle: 'h2' }), 'different');
      assert.equal(likeness({ handle: 'h1', fingerprint: '3:f1' }, { fingerprint: '3:f2' }), 'different');
    },
  );
});
