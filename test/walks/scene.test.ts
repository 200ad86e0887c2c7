import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { IssuedCredential } from '../../lib/sandbox/issuers/simulator.ts';
import { issuedAs } from './judge/scene.ts';

function issued(createdAt: number): IssuedCredential {
  return { handle: 'h', value: `v${createdAt}`, name: 'n', createdAt, live: true };
}

it('of two credentials under one reused id it is the one made nearest, however soon they followed', () => {
  const all = [issued(1_000), issued(200)];
  assert.equal(issuedAs(all, { handle: 'h', createdAt: 200 })?.createdAt, 200);
  assert.equal(issuedAs(all, { handle: 'h', createdAt: 1_000 })?.createdAt, 1_000);
  assert.equal(issuedAs(all, { handle: 'h', createdAt: 2_001 }), undefined);
  assert.equal(issuedAs(all, { handle: 'other', createdAt: 200 }), undefined);
});
