import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SOURCES } from './sources.ts';

const WIDEST = 110;

/** A line that is one regular expression, or the call of its method, and nothing else. */
const PATTERN_ALONE = /^\s*\/(?![/*]).+\/[a-z]*(?:\.(?:exec|test)\()?[,;]?$/;

/** A line that is one address in quotes, or a property that is one. */
const ADDRESS_ALONE = /^\s*(?:\w+: )?(['"])https?:\/\/[^\s'"]+\1[,;]?$/;

/** The lines of a text that are too wide, by their number. */
function tooWide(text: string): number[] {
  const lines = text.split('\n').map((line, index) => ({ line, number: index + 1 }));
  return lines
    .filter(({ line }) => line.length > WIDEST && !PATTERN_ALONE.test(line) && !ADDRESS_ALONE.test(line))
    .map(({ number }) => number);
}

describe('lines', () => {
  it(`have at most ${WIDEST} columns, but for a regular expression or address that cannot be broken`, () => {
    const typed = SOURCES.filter(({ path }) => path.endsWith('.ts'));
    const wrong = typed.flatMap(({ path, text }) => tooWide(text).map((line) => `${path}:${line}`));
    assert.deepEqual(wrong, []);
  });

  it('are too wide with a title, a template or a comment, though an address or a pattern is in it', () => {
    const long = 'x'.repeat(WIDEST);
    const wide = [
      `it('${long}', () => {`,
      `  // ${long}/`,
      `  /** ${long} */`,
      `  /${long}/.test(text) && ended()`,
      `  docs: 'see https://${long}',`,
      `  docs: 'https://${long}', source: 'https://a.example',`,
    ];
    const allowed = [`  /${long}/u,`, `  /${long}/.exec(`, `  docs: 'https://${long}',`, 'x'.repeat(WIDEST)];
    assert.deepEqual(tooWide([...wide, ...allowed].join('\n')), [1, 2, 3, 4, 5, 6]);
  });
});
