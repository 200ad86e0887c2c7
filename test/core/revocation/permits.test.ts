import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  PERMIT_KINDS,
  Permits,
  exposurePermit,
  notingCopies,
  permitFor,
  permitOf,
  permitting,
  renewing,
  withdrawn,
} from '../../../functions/core/revocation/permits.ts';
import { spent } from '../../../functions/core/revocation/replaced-credentials.ts';
import { EMPTY } from './no-permits.ts';

describe('permits', () => {
  for (const kind of PERMIT_KINDS)
    it(`of the kind ${kind} are about exactly one thing`, () => {
      const record = permitting(EMPTY, { kind, about: 'v1', at: 5, by: 'ana' });
      assert.deepEqual(permitOf(record, kind, 'v1'), { kind, about: 'v1', at: 5, by: 'ana' });
      assert.equal(permitOf(record, kind, 'v'), undefined);
      assert.equal(permitOf(record, kind, 'v11'), undefined);
      for (const other of PERMIT_KINDS.filter((one) => one !== kind))
        assert.equal(permitOf(record, other, 'v1'), undefined);
      assert.deepEqual(withdrawn(record, kind, 'v1'), EMPTY);
    });

  it('said twice stay as they were first said', () => {
    const once = permitting(EMPTY, { kind: 'revoke', about: 'v1', at: 5, by: 'ana' });
    assert.equal(permitting(once, { kind: 'revoke', about: 'v1', at: 9, by: 'bo' }), once);
    assert.equal(withdrawn(once, 'revoke', 'v2'), once);
  });

  it('are taken back one by one', () => {
    const all = (['revoke', 'forced-revocation'] as const)
      .flatMap((kind) => ['v1', 'v2'].map((about) => ({ kind, about, at: 5, by: 'ana' })))
      .reduce(permitting, EMPTY);
    assert.deepEqual(
      withdrawn(all, 'revoke', 'v1').permits.map(({ kind, about }) => `${kind} ${about}`),
      ['revoke v2', 'forced-revocation v1', 'forced-revocation v2'],
    );
  });

  it('of a later version are kept, and permit nothing', () => {
    const later = {
      tokenId: 't',
      minReader: 9,
      permits: [{ kind: 'later', about: 'v1', at: 1, by: 'x', more: true }],
    };
    const read = Permits.parse(later);
    assert.deepEqual(permitting(read, { kind: 'forced-revocation', about: 'v1', at: 2, by: 'policy' }), {
      ...later,
      permits: [...later.permits, { kind: 'forced-revocation', about: 'v1', at: 2, by: 'policy' }],
    });
    for (const kind of PERMIT_KINDS) assert.equal(permitOf(read, kind, 'v1'), undefined);
  });

  it('that cannot be read are none', () => {
    for (const wrong of [
      {},
      { tokenId: 't' },
      { tokenId: 't', permits: [{ kind: 'revoke', about: '', at: 1, by: 'x' }] },
      { tokenId: 't', permits: [{ kind: 'revoke', about: 'v1', by: 'x' }] },
      { tokenId: 't', permits: [], replaced: [{ about: '', at: 1 }] },
      { tokenId: 't', permits: [], replaced: [{ about: 'v1' }] },
    ])
      assert.equal(Permits.safeParse(wrong).success, false);
  });
});

describe('a permit', () => {
  const record = permitting(EMPTY, {
    kind: 'revoke',
    about: 'v1',
    handle: 'h',
    fingerprint: '3:f',
    at: 5,
    by: 'ana',
  });

  it('is about the credential that it named, and no other under the same version', () => {
    assert.equal(permitFor(record, 'revoke', { id: 'v1', handle: 'h', fingerprint: '3:f' })?.by, 'ana');
    assert.equal(permitFor(record, 'revoke', { id: 'v1' })?.by, 'ana');
    for (const kind of PERMIT_KINDS.filter((one) => one !== 'revoke'))
      assert.equal(permitFor(record, kind, { id: 'v1', handle: 'h' }), undefined);
    const nameless = permitting(EMPTY, { kind: 'revoke', about: 'v1', at: 5, by: 'ana' });
    assert.equal(permitFor(nameless, 'revoke', { id: 'v1', handle: 'h', fingerprint: '3:f' })?.by, 'ana');
    for (const other of [
      { id: 'v2', handle: 'h' },
      { id: 'v1', handle: 'i' },
      { id: 'v1', handle: 'h', fingerprint: '3:g' },
    ])
      assert.equal(permitFor(record, 'revoke', other), undefined);
  });

  it(
    'of an incident follows its credential to another version, by name or value, where the other does ' +
      'not speak against it',
    () => {
      const out = permitting(EMPTY, {
        kind: 'incident',
        about: 'v1',
        handle: 'h',
        fingerprint: '3:f',
        at: 5,
        by: 'ana',
      });
      for (const same of [{ id: 'v2', handle: 'h' }, { id: 'v2', fingerprint: '3:f' }, { id: 'v1' }])
        assert.equal(exposurePermit(out, same)?.about, 'v1');
      for (const other of [
        { id: 'v2' },
        { id: 'v2', handle: 'i', fingerprint: '3:f' },
        { id: 'v2', handle: 'h', fingerprint: '3:g' },
      ])
        assert.equal(exposurePermit(out, other), undefined);
      assert.equal(exposurePermit(record, { id: 'v1', handle: 'h' }), undefined);
    },
  );

  it('is dated anew where it is given anew, and over with its credential; that it was out is kept', () => {
    const both = permitting(renewing(record, { kind: 'revoke', about: 'v1', at: 9, by: 'bo' }), {
      kind: 'incident',
      about: 'v1',
      at: 6,
      by: 'ana',
    });
    assert.deepEqual(permitOf(both, 'revoke', 'v1'), { kind: 'revoke', about: 'v1', at: 9, by: 'bo' });
    assert.deepEqual(
      spent(both, 'v1').permits.map((one) => one.kind),
      ['incident'],
    );
    assert.equal(spent(both, 'v2'), both);
  });
});

describe('copies in other Regions', () => {
  const shown = [{ region: 'us-east-1', status: 'Failed' }];
  const noted = notingCopies(EMPTY, { recorded: [], shown, at: 5 });

  it('keep since when they are as they are, whatever a record says later', () => {
    assert.deepEqual(noted.copies, [{ region: 'us-east-1', status: 'Failed', since: 5 }]);
    assert.equal(
      notingCopies(noted, {
        recorded: [
          { region: 'us-east-1', status: 'Failed', since: 0 },
          { region: 'eu-west-1', status: 'InSync', since: 0 },
        ],
        shown,
        at: 9,
      }),
      noted,
    );
    assert.deepEqual(notingCopies(noted, { recorded: [], shown: [], at: 9 }).copies, [
      { region: 'us-east-1', status: 'Removed', since: 9 },
    ]);
    assert.deepEqual(Permits.parse(noted), noted);
  });

  it('are what the record says where none were noted before, and none where there are none', () => {
    const recorded = [{ region: 'us-east-1', status: 'Failed', since: 3 }];
    assert.deepEqual(notingCopies(EMPTY, { recorded, shown, at: 9 }).copies, recorded);
    assert.equal(notingCopies(EMPTY, { recorded: [], shown: [], at: 9 }), EMPTY);
  });
});
