import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Permits, permitting } from '../../../functions/core/revocation/permits.ts';
import { spent } from '../../../functions/core/revocation/replaced-credentials.ts';
import { notingReplaced, replacedSince } from '../../../functions/core/revocation/replaced-credentials.ts';
import { EMPTY } from './no-permits.ts';

describe('what was seen to be replaced', () => {
  const seen = notingReplaced(EMPTY, {
    current: 'v2',
    old: [{ id: 'v1', handle: 'h', fingerprint: '3:f' }],
    at: 5,
  });

  it('keeps its first date, by whichever name the record calls it later', () => {
    assert.equal(notingReplaced(seen, { current: 'v2', old: [{ id: 'v1', handle: 'other' }], at: 9 }), seen);
    for (const same of [{ id: 'v1' }, { id: 'lost:h', handle: 'h' }, { id: 'x', fingerprint: '3:f' }])
      assert.equal(replacedSince(seen, same)?.at, 5);
    assert.equal(replacedSince(seen, { id: 'v2', handle: 'i' }), undefined);
    assert.deepEqual(Permits.parse(seen), seen);
    assert.equal(replacedSince(EMPTY, { id: 'v1' }), undefined);
  });

  it('is noted with what it was known by, beside what was noted before and what is permitted', () => {
    const nameless = notingReplaced(
      permitting(EMPTY, { kind: 'forced-revocation', about: 'v3', at: 1, by: 'x' }),
      {
        current: undefined,
        old: [{ id: 'v0' }],
        at: 4,
      },
    );
    assert.deepEqual(nameless.replaced, [{ about: 'v0', at: 4 }]);
    const more = notingReplaced(nameless, {
      current: undefined,
      old: [{ id: 'v0' }, { id: 'v1', handle: 'h', fingerprint: '3:f' }],
      at: 5,
    });
    assert.deepEqual(more.replaced, [
      { about: 'v0', at: 4 },
      { about: 'v1', handle: 'h', fingerprint: '3:f', at: 5 },
    ]);
    assert.deepEqual(notingReplaced(more, { current: 'v1', old: [], at: 6 }), {
      ...more,
      replaced: [{ about: 'v0', at: 4 }],
    });
  });

  it('is that no more once it is current again, or gone', () => {
    assert.equal(
      replacedSince(notingReplaced(seen, { current: 'v1', old: [{ id: 'v1' }, { id: 'v2' }], at: 9 }), {
        id: 'v1',
      }),
      undefined,
    );
    assert.equal(
      replacedSince(notingReplaced(seen, { current: 'v1', old: [{ id: 'v2' }], at: 9 }), { id: 'v2' })?.at,
      9,
    );
    assert.equal(replacedSince(spent(seen, 'v1'), { id: 'v1' }), undefined);
  });

  it('and is current again is claimed for its end no more; what a person asked for stays', () => {
    const claimed = permitting(permitting(seen, { kind: 'claim', about: 'v1', at: 6, by: 'keyturn' }), {
      kind: 'revoke',
      about: 'v1',
      at: 7,
      by: 'ana',
    });
    assert.deepEqual(
      notingReplaced(claimed, { current: 'v1', old: [], at: 9 }).permits.map((one) => one.kind),
      ['revoke'],
    );
    assert.equal(notingReplaced(claimed, { current: 'v2', old: [], at: 9 }), claimed);
    assert.equal(notingReplaced(claimed, { current: undefined, old: [], at: 9 }), claimed);
  });
});
