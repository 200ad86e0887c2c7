import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Reach } from '../../../functions/core/issuer/provider.ts';
import {
  sameReach,
  MadeAt,
  asksAlike,
  isMadeElsewhere,
  placeText,
  sealedReach,
} from '../../../functions/core/issuer/reach.ts';

const HERE = { host: 'git.example.com', basePath: '/gitlab', account: 'projects/1' };
const text = fc.constantFrom('a', 'b', '');
const places = fc.record({
  host: text,
  basePath: text,
  account: text,
  clientId: fc.option(text, { nil: undefined }),
});

describe('the place where a credential was made', () => {
  it('is the same only when all of it is the same', () => {
    const reach: Reach = { host: 'git.acme.com', basePath: '/gitlab', account: 'projects/42', clientId: 'c' };
    const { clientId: _clientId, ...without } = reach;
    assert.ok(sameReach(reach, JSON.parse(JSON.stringify(reach))));
    assert.ok(sameReach(without, { ...without }));
    for (const other of [
      without,
      { ...reach, host: 'git.acme.com:8443' },
      { ...reach, basePath: '' },
      { ...reach, account: 'projects/4' },
      { ...reach, clientId: 'd' },
    ]) {
      assert.ok(!sameReach(reach, other));
      assert.ok(!sameReach(other, reach));
    }
  });

  it('is sealed so that two texts are equal for one place alone', () => {
    fc.assert(
      fc.property(places, places, (one, other) =>
        assert.equal(
          JSON.stringify(sealedReach(one)) === JSON.stringify(sealedReach(other)),
          sameReach(one, other),
        ),
      ),
    );
    assert.notDeepEqual(sealedReach(undefined), sealedReach({ host: '', basePath: '', account: '' }));
  });

  it('is another one as soon as any part is; what was not noted counts as made here', () => {
    for (const other of [
      { ...HERE, host: 'x' },
      { ...HERE, basePath: '' },
      { ...HERE, account: 'projects/2' },
      { ...HERE, clientId: 'c' },
    ])
      assert.ok(isMadeElsewhere({ reach: other }, HERE));
    assert.ok(!isMadeElsewhere({ reach: HERE }, { ...HERE }));
    assert.ok(!isMadeElsewhere({}, HERE));
    assert.ok(!isMadeElsewhere({ reach: HERE }, undefined));
  });

  it('asks alike wherever host, base path and client id are one, whatever the account', () => {
    const client = { ...HERE, clientId: 'c' };
    assert.ok(asksAlike(client, { ...client, account: 'projects/2' }));
    for (const other of [
      { ...client, host: 'x' },
      { ...client, basePath: '' },
      { ...client, clientId: 'd' },
      HERE,
    ])
      assert.ok(!asksAlike(client, other), JSON.stringify(other));
  });

  it('is sealed with the client id, where there is one', () => {
    assert.deepEqual(sealedReach({ ...HERE, clientId: 'c' }), [
      'git.example.com',
      '/gitlab',
      'projects/1',
      'c',
    ]);
    assert.deepEqual(sealedReach(HERE), ['git.example.com', '/gitlab', 'projects/1', null]);
  });

  it('is no record of one where a part is missing, or no text', () => {
    for (const wrong of [
      {},
      { ...HERE, host: 7 },
      { ...HERE, basePath: undefined },
      { ...HERE, account: null },
      { ...HERE, clientId: 1 },
    ])
      assert.ok(!MadeAt.safeParse(wrong).success, JSON.stringify(wrong));
  });

  it('is kept in a record as it is, and shown in one text', () => {
    fc.assert(fc.property(places, (place) => assert.ok(sameReach(MadeAt.parse(place), place))));
    assert.equal(placeText(HERE), 'git.example.com/gitlab/projects/1');
  });
});
