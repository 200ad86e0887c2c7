import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { unknownTags, unknownTagSentence } from '../../../functions/core/policy/unknown-tags.ts';

describe('tags in the name space of Keyturn that mean nothing', () => {
  const near = (key: string): string | undefined => unknownTags(new Map([[key, '1d']]))[0]?.near;

  for (const [key, wanted] of [
    ['keyturn:rotateEvery', TAGS.rotateEvery],
    ['Keyturn:Max-Age', TAGS.maxAge],
    ['KEYTURN:MAX_AGE', TAGS.maxAge],
    ['keyturn:rotate_every', TAGS.rotateEvery],
    ['keyturn:rotate every', TAGS.rotateEvery],
    ['keyturn:rotateevery', TAGS.rotateEvery],
    ['keyturn:rotate-evrey', TAGS.rotateEvery],
    ['keyturn: max-age', TAGS.maxAge],
    ['keyturn:mingrace', TAGS.minGrace],
    ['keyturn:ownr', TAGS.owner],
    ['keyturn/rotate-every', TAGS.rotateEvery],
    ['keyturn-max-age', TAGS.maxAge],
    ['Keyturn:Consumer:billing-ci', 'keyturn:consumer:billing-ci'],
    ['keyturn:consumers:billing-ci', 'keyturn:consumer:billing-ci'],
    ['keyturn:consumer-billing_ci', 'keyturn:consumer:billing-ci'],
    ['keyturn:consumer', 'keyturn:consumer:NAME'],
    ['keyturn:containmentDeadline', TAGS.containmentDeadline],
    ['keyturn::max-age', TAGS.maxAge],
    ['keyturn:keyturn:max-age', TAGS.maxAge],
    ['keyturn:maximum-age', TAGS.maxAge],
  ] as const)
    it(`such as ${key} may stand for ${wanted}`, () => assert.equal(near(key), wanted));

  it('are reported where there is no name, and the others are none of Keyturn', () => {
    assert.deepEqual(unknownTags(new Map([['keyturn:', 'x']])), [{ key: 'keyturn:', near: undefined }]);
    assert.ok(near('keyturn:zzzzzzzz')?.startsWith('keyturn:'));
    const others = new Map([
      ['rotate-every', '1d'],
      ['keyturnover:max-age', '1d'],
      ['keyturn-team', 'x'],
      ['aws:cloudformation:stack-name', 'keyturn:main'],
      ['team:keyturn:owner', 'x'],
    ]);
    assert.deepEqual(unknownTags(others), []);
  });

  it('are none of those that mean something', () => {
    const known = [...Object.values(TAGS), 'keyturn:consumer:ci'].map((key) => [key, '30d'] as const);
    assert.deepEqual(unknownTags(new Map(known)), []);
  });
});

it('the sentence names the tag, and the one that may be meant', () => {
  assert.equal(
    unknownTagSentence('keyturn:ownr', 'keyturn:owner'),
    'The tag keyturn:ownr is not known and Keyturn ignores it; the nearest known one is keyturn:owner: ' +
      'correct its name, or remove it.',
  );
  assert.equal(
    unknownTagSentence('keyturn:zzzzzzzz', undefined),
    'The tag keyturn:zzzzzzzz is not known and Keyturn ignores it: correct its name, or remove it.',
  );
});
