import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ERROR_RULES } from '../../functions/core/basics/error-rules.ts';
import { FINDING_RULES } from '../../functions/core/findings/finding-rules.ts';
import { PAGES } from '../../lib/docs/index.ts';
import { ALARM_RULES } from '../../lib/infra/alarm-rules.ts';
import { DONE, NOT_DONE, readPage } from './pages.ts';
import { MOST_WORDS, sentencesIn, sentencesOf, tooLong, wordsIn } from './prose.ts';

describe('sentences of pages are short', () => {
  for (const page of DONE)
    test(`${page} has at most ${MOST_WORDS} words in each`, () => {
      assert.deepEqual(tooLong(sentencesOf(readPage(page))), []);
    });

  test('pages that are let off are there', () => {
    for (const page of NOT_DONE) assert.ok(page in PAGES, page);
  });
});

describe('sentences that the code says to people are short', () => {
  const texts = new Map<string, readonly string[]>([
    ...Object.entries(FINDING_RULES).map(
      ([kind, { title, impact, action }]) => [`finding ${kind}`, [title, impact, action]] as const,
    ),
    ...Object.entries(ALARM_RULES).map(
      ([kind, { title, impact, action }]) => [`alarm ${kind}`, [title, impact, action]] as const,
    ),
    ...Object.entries(ERROR_RULES).map(([code, { advice }]) => [`error ${code}`, [advice]] as const),
  ]);

  test('of findings, alarms and errors', () => {
    const found = [...texts].flatMap(([name, lines]) =>
      tooLong(lines.flatMap(sentencesIn)).map((one) => `${name}: ${one}`),
    );
    assert.deepEqual(found, []);
  });
});

describe('a page is split into its sentences', () => {
  test('at full stops, questions and exclamations before a capital', () => {
    assert.deepEqual(sentencesOf('One. Two? Three! Four'), ['One.', 'Two?', 'Three!', 'Four']);
  });

  test('not inside numbers, names of files and versions', () => {
    assert.deepEqual(sentencesOf('It costs 4.40 USD a month at Node.js 20 or newer.'), [
      'It costs 4.40 USD a month at Node.js 20 or newer.',
    ]);
  });

  test('lines of a paragraph are joined', () => {
    assert.deepEqual(sentencesOf('A sentence\nthat goes on.\nAnother one.\n\nA third.'), [
      'A sentence that goes on.',
      'Another one.',
      'A third.',
    ]);
  });

  test('headings and items of lists stand alone, items with the lines that go on', () => {
    const page = '# Title\nText.\n\n- one\n- two goes\n  on\n\n1. three\n   - four\n';
    assert.deepEqual(sentencesOf(page), ['Title', 'Text.', 'one', 'two goes on', 'three', 'four']);
  });

  test('code blocks, tables, comments and tags are left out, indented ones too', () => {
    const page = [
      'Before.',
      '```sh',
      'Run this. And that.',
      '```',
      '- item',
      '',
      '  ```json',
      '  { "A": 1 }',
      '  ```',
      '',
      '| A | B |',
      '| --- | --- |',
      '| Cell. | Cell. |',
      '',
      '<!-- note: A. B. -->',
      '<picture>',
      '<img alt="One. Two.">',
      '</picture>',
      'After.',
    ].join('\n');
    assert.deepEqual(sentencesOf(page), ['Before.', 'item', 'After.']);
  });

  test('a link is its text, and code is one word', () => {
    assert.deepEqual(sentencesOf('See [the long page](docs/a.md#b) and run `npm test -- x y z`.'), [
      'See the long page and run Code.',
    ]);
  });

  test('a sentence may begin with code', () => {
    assert.deepEqual(sentencesOf('It ends. `npm test` begins, with `a. B.` in it.'), [
      'It ends.',
      'Code begins, with Code in it.',
    ]);
  });

  test('bold beginnings belong to their sentence, and end one with their stop', () => {
    assert.deepEqual(sentencesOf('- **Pins.** A label keeps it.'), ['Pins.', 'A label keeps it.']);
    assert.deepEqual(sentencesOf('**Pins**: *a* label keeps it.'), ['Pins: a label keeps it.']);
  });

  test('words are counted without signs', () => {
    assert.equal(wordsIn('A, b – c (d) and 3.5 e/f.'), 8);
  });

  test('a sentence of one word too many is named with its length', () => {
    const fits = `${'word '.repeat(MOST_WORDS - 1)}end.`;
    assert.deepEqual(tooLong([fits, `One ${fits}`]), [`26 words: One ${fits}`]);
  });
});
