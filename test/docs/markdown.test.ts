import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentence } from '../../lib/cli/output/sentence.ts';
import { table } from '../../lib/docs/markdown.ts';

test('bars and line breaks in a cell break no table', () => {
  assert.equal(table(['A'], [['one | two\n three']]), '| A |\n| --- |\n| one \\| two three |');
});

test('a sentence begins with a capital and ends with a stop, once', () => {
  assert.equal(sentence('access tokens of a user'), 'Access tokens of a user.');
  assert.equal(sentence('Already one.'), 'Already one.');
});
