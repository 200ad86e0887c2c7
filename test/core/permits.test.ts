import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PERMIT_KINDS, Permits, noPermits, permitOf, permitting, withdrawn } from '../../functions/core/permits.ts';

const EMPTY = noPermits('prod/billing/ci-AbC123');

describe('permits', () => {
  for (const kind of PERMIT_KINDS)
    it(`of the kind ${kind} are about exactly one thing`, () => {
      const record = permitting(EMPTY, { kind, about: 'v1', at: 5, by: 'ana' });
      assert.deepEqual(permitOf(record, kind, 'v1'), { kind, about: 'v1', at: 5, by: 'ana' });
      assert.equal(permitOf(record, kind, 'v'), undefined);
      assert.equal(permitOf(record, kind, 'v11'), undefined);
      for (const other of PERMIT_KINDS.filter((one) => one !== kind)) assert.equal(permitOf(record, other, 'v1'), undefined);
      assert.deepEqual(withdrawn(record, kind, 'v1'), EMPTY);
    });

  it('said twice stay as they were first said', () => {
    const once = permitting(EMPTY, { kind: 'revoke', about: 'v1', at: 5, by: 'ana' });
    assert.equal(permitting(once, { kind: 'revoke', about: 'v1', at: 9, by: 'bo' }), once);
    assert.equal(withdrawn(once, 'revoke', 'v2'), once);
  });

  it('of a later version are kept, and permit nothing', () => {
    const later = { tokenId: 't', minReader: 9, permits: [{ kind: 'later', about: 'v1', at: 1, by: 'x', more: true }] };
    const read = Permits.parse(later);
    assert.deepEqual(permitting(read, { kind: 'order', about: 'v1', at: 2, by: 'policy' }), { ...later, permits: [...later.permits, { kind: 'order', about: 'v1', at: 2, by: 'policy' }] });
    for (const kind of PERMIT_KINDS) assert.equal(permitOf(read, kind, 'v1'), undefined);
  });

  it('that cannot be read are none', () => {
    for (const wrong of [{}, { tokenId: 't' }, { tokenId: 't', permits: [{ kind: 'revoke', about: '', at: 1, by: 'x' }] }, { tokenId: 't', permits: [{ kind: 'revoke', about: 'v1', by: 'x' }] }]) assert.equal(Permits.safeParse(wrong).success, false);
  });
});
