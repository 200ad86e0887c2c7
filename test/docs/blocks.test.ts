import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillBlocks } from '../../lib/docs/blocks.ts';

const START = '<!-- generated:one -->';
const END = '<!-- /generated -->';

test('a block gets what is generated, and the text around it stays', () => {
  const filled = fillBlocks(`before\n${START}\nold\n${END}\nafter\n`, { one: () => 'new' });
  assert.equal(filled, `before\n${START}\nnew\n${END}\nafter\n`);
});

test('filling twice changes nothing more', () => {
  const blocks = { one: () => 'a\nb', two: () => 'c' };
  const once = fillBlocks(`${START}${END}\n<!-- generated:two -->x${END}`, blocks);
  assert.equal(fillBlocks(once, blocks), once);
});

test('dollar signs and markers in text that is generated are taken literally', () => {
  assert.equal(fillBlocks(`${START}${END}`, { one: () => '$& $1' }), `${START}\n$& $1\n${END}`);
});

test('a marker that nothing generates is named', () => {
  assert.throws(
    () => fillBlocks(`${START}${END}<!-- generated:other -->${END}`, { one: () => '' }),
    /"other": correct its name/,
  );
});

test('a block without a marker is named', () => {
  assert.throws(() => fillBlocks('', { one: () => '' }), /"one" has no place/);
});

test('a block that does not end is named, also where another one follows', () => {
  assert.throws(() => fillBlocks(START, { one: () => '' }), /"one" does not end/);
  assert.throws(
    () => fillBlocks(`${START}<!-- generated:two -->${END}`, { one: () => '', two: () => '' }),
    /"one" does not end/,
  );
});
