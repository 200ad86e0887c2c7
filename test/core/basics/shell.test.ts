import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { shellCommand, shellWord } from '../../../functions/core/basics/shell.ts';

/** The words that a real shell makes of a command line. */
export function wordsOf(line: string): string[] {
  return execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

test('a shell takes every word as it is', () => {
  const word = fc.oneof(
    fc.constantFrom('', "it's", '$(id)', '`id`', '~', '=ls', '-x', '*', '#a', '!!', 'a b', 'a\\', '{a,b}'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const line = shellCommand(words);
      if (line !== undefined) assert.deepEqual(wordsOf(line), words);
    }),
    { numRuns: 60 },
  );
});

test(
  'names as Secrets Manager has them need no quotes, but where a shell gives the first character a ' +
    'meaning',
  () => {
    assert.equal(shellWord('prod/billing_x+=.@-/ci'), 'prod/billing_x+=.@-/ci');
    assert.equal(shellWord('=ls'), "'=ls'");
    assert.equal(shellWord('~ana'), "'~ana'");
  },
);

test('what cannot be read on a screen is no command', () => {
  for (const word of ['a\nb', 'a\u001b[2J', 'a\u202eb', 'a\u2028b'])
    assert.equal(shellCommand(['echo', word]), undefined);
});
