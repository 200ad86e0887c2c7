import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { byArea } from '../../lib/docs/issuer-areas.ts';

test('every issuer is in one area, by name', () => {
  const areas = byArea(DESCRIPTORS);
  assert.equal(areas.flatMap(([, issuers]) => issuers).length, DESCRIPTORS.length);
  for (const [, issuers] of areas) {
    const titles = issuers.map(({ title }) => title);
    assert.deepEqual(
      titles,
      titles.toSorted((one, other) => one.localeCompare(other, 'en')),
    );
  }
});

test('an issuer in no area, and an id of no issuer, are named', () => {
  assert.throws(() => byArea([...DESCRIPTORS, { id: 'new', title: 'New' }]), /issuer-areas\.ts: new\.$/);
  assert.throws(() => byArea(DESCRIPTORS.filter(({ id }) => id !== 'okta')), /issuer-areas\.ts: okta\.$/);
});
