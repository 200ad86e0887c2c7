import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { BUNDLE_CASES } from './bundle-cases.ts';
import { oneOfEach } from './classes.ts';
import { chosenOf, selectionOf } from './selection.ts';

const PLAIN = { classes: false, every: '1', threads: '2' };
const CASES = ['gitlab', 'okta', 'npm-registry'].map((provider) => ({ provider, moment: 'mint' }));

test('classes choose the providers of the grid and of the bundles alike', () => {
  const chosen = selectionOf({ ...PLAIN, classes: true }, ['okta', 'heroku']);
  assert.deepEqual(chosen, { providers: ['okta', 'heroku'], every: 1, threads: 2 });
  assert.deepEqual(chosenOf(CASES, chosen), [CASES[1]]);
});

test('one provider of each class takes the bundle cases of these, and no other', () => {
  const providers = oneOfEach(DESCRIPTORS);
  const chosen = chosenOf(BUNDLE_CASES, selectionOf({ ...PLAIN, classes: true }, providers));
  assert.ok(chosen.length > 0);
  assert.ok(chosen.every(({ provider }) => providers.includes(provider)));
  const others = BUNDLE_CASES.filter((one) => !chosen.includes(one));
  assert.ok(others.every(({ provider }) => !providers.includes(provider)));
});

test('so do named providers; without either it is all bundles', () => {
  const named = selectionOf({ ...PLAIN, provider: ['gitlab'] }, ['okta']);
  assert.deepEqual(named.providers, ['gitlab']);
  assert.deepEqual(chosenOf(CASES, named), [CASES[0]]);
  const all = selectionOf(PLAIN, ['okta']);
  assert.equal(all.providers, undefined);
  assert.deepEqual(chosenOf(CASES, all), CASES);
});

test('classes and named providers do not go together', () => {
  assert.throws(
    () => selectionOf({ ...PLAIN, classes: true, provider: ['gitlab'] }, ['okta']),
    /^Error: --classes chooses the providers itself: leave out --classes or --provider\.$/,
  );
});

test('every and threads are whole numbers from 1 on', () => {
  const chosen = selectionOf({ ...PLAIN, every: '400', threads: '10' }, []);
  assert.deepEqual([chosen.every, chosen.threads], [400, 10]);
  for (const flag of ['every', 'threads'])
    for (const text of ['0', '-1', '1.5', '', ' 2', '1e3', 'two', '0x10', '007', 'Infinity', '9'.repeat(10)])
      assert.throws(
        () => selectionOf({ ...PLAIN, [flag]: text }, []),
        { message: `--${flag} ${text} is not a whole number from 1 on.` },
        text,
      );
});
