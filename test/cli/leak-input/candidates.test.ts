import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { BOUNDS, candidatesIn } from '../../../lib/cli/leak-input/candidates.ts';
import { digestOf, foundInInput } from '../../../lib/cli/leaks/scanner-reports.ts';
import { DOCUMENTS, WRAPPINGS } from './wrappings.ts';

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.split('');

function textOf(alphabet: readonly string[], minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...alphabet), { minLength, maxLength }).map((all) => all.join(''));
}

/** Begins with a letter or a digit, as issuers' values do; it may end in a dash. */
function ending(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...ALNUM), text).map((parts) => parts.join(''));
}

const VALUE = fc.oneof(
  // A prefix and the alphabet of Base64 for URLs; the same with the checksum that newer ones carry; a signed
  // token; Base64 with padding.
  ending(textOf([...ALNUM, '_', '-'], 18, 80)),
  ending(textOf([...ALNUM, '_', '-'], 18, 24)).map((text) => `glpat-${text}`),
  ending(textOf([...ALNUM, '_', '-'], 24, 40)).map((text) => `glpat-${text}.01.0a1b2c3d4`),
  fc
    .tuple(
      ending(textOf([...ALNUM, '_', '-'], 20, 60)),
      ending(textOf([...ALNUM, '_', '-'], 20, 90)),
      ending(textOf([...ALNUM, '_', '-'], 20, 43)),
    )
    .map((parts) => parts.join('.')),
  fc
    .uint8Array({ minLength: 16, maxLength: 64 })
    .map((bytes) => Buffer.from(bytes).toString('base64').replace(/^[+/]/, 'a')),
);

function isAmong(value: string, text: string): boolean {
  return foundInInput(text).some((one) => one.digests.includes(digestOf(value)));
}

describe('the candidates of a text', () => {
  for (const [name, wrap] of Object.entries(WRAPPINGS))
    test(`hold the value in ${name}`, () => {
      fc.assert(
        fc.property(VALUE, (value) => isAmong(value, wrap(value))),
        { numRuns: 30 },
      );
    });

  test('hold the value in any two wrappings, one in the other, in whatever document', () => {
    const forms = Object.keys(WRAPPINGS);
    fc.assert(
      fc.property(
        VALUE,
        fc.constantFrom(...forms),
        fc.constantFrom(...forms),
        fc.constantFrom('none', ...Object.keys(DOCUMENTS)),
        (value, inner, outer, document) => {
          const text = WRAPPINGS[outer]?.(WRAPPINGS[inner]?.(value) ?? '') ?? '';
          fc.pre(document !== 'UTF-16 read as UTF-8' || /^[\t -~]*$/.test(text));
          return isAmong(value, (DOCUMENTS[document] ?? String)(text));
        },
      ),
      { numRuns: 500, seed: 20260105 },
    );
  });

  test('hold a value behind the sign of a line that a diff adds, and before the end of an emphasis', () => {
    const value = 'glpat-AbCdEfGhIjKlMnOpQrS-';
    assert.ok(isAmong(value, `+${Buffer.from(`{ :token => '${value}' }`, 'utf16le').toString('base64')}`));
    for (const end of ['_', '__', '*', '~~'])
      assert.ok(
        isAmong(value, `the token ${end}machine git.example.com password ${value}${end} leaked`),
        end,
      );
    assert.ok(isAmong(`${value}_`, `the token _acme -t ${value}__ leaked`));
  });

  test(
    'are never more than the bound, each is a part of the text or of what it decodes to, and a cut is ' +
      'said',
    () => {
      const bounds = { ...BOUNDS, most: 50, texts: 10 };
      const wide = fc
        .array(fc.oneof(VALUE, fc.constantFrom('"', '=', ' ', '\n', '%41', '{', '://')), { maxLength: 60 })
        .map((parts) => parts.join(''));
      fc.assert(
        fc.property(wide, (text) => {
          const { values, isCut } = candidatesIn(text, [], bounds);
          const all = candidatesIn(text, [], { ...bounds, most: Infinity, texts: Infinity });
          return (
            values.length <= bounds.most &&
            new Set(values).size === values.length &&
            (isCut || values.length === all.values.length)
          );
        }),
        { numRuns: 200 },
      );
    },
  );

  // What grows with the square of its length would not end within the limit.
  test('are made of any text, however often a part of it repeats', { timeout: 60_000 }, () => {
    for (const part of ['=', 'a.', 'Z2xw', '%25', '\\\\', '"', 'a"\'', '&amp;', 'YQ\n']) {
      const { values } = candidatesIn(part.repeat(60_000 / part.length), []);
      assert.ok(values.length <= BOUNDS.most, part);
    }
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        (text) => candidatesIn(text, []).values.length <= BOUNDS.most,
      ),
      { numRuns: 300 },
    );
  });

  test('begin with what a known pattern finds, wherever it stands', () => {
    const value = 'glpat-Zz9AAbbCCddEEffGGhh1';
    const { values } = candidatesIn(`-p${value} sha256 0123456789abcdef0123`, [/glpat-[\w-]{20}/]);
    assert.ok(values.indexOf(value) <= 1);
  });
});
