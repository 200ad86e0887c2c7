import * as fc from 'fast-check';
import { placeOf, type ValuePlace } from '../../../functions/core/secret-text/value-place.ts';
import { parsePayload, type Payload, type Stamp } from '../../../functions/core/secret-text/secret-text.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import assert from 'node:assert/strict';

export const STAMP: Stamp = { handle: 'projects/1/access_tokens/7', mintedAt: 1_000, seal: '2:ab12' };
/** What recognises a token in these tests. */
export const PATTERN = /tok-[\w-]{20,60}/;
export const TOKEN = 'tok-abcdefghijklmnopqrstuvwx';

export function placed(
  tags: Record<string, string> = {},
  facts: { pattern?: RegExp; companions?: string[] } = {},
): ValuePlace {
  return placeOf(new Map(Object.entries(tags)), { valueField: 'token', ...facts });
}

export function read(text: string, place: ValuePlace = placed()): Payload {
  return parsePayload(new Secret(text), place);
}

/** The sentence with which a text is refused. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof KeyturnError, String(error));
    assert.equal(error.code, 'secret-invalid');
    return error.message;
  }
  return assert.fail('accepted');
}

const SPACE = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
const NUMBERS = fc.constantFrom(
  '1.0',
  '1e3',
  '-0',
  '0.10',
  '1E+2',
  '12345678901234567890',
  '1e999',
  '3.14159265358979323846264',
);
/** The inside of a string literal, escapes as people and tools write them. */
const INSIDE = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\\"',
        '\\\\',
        '\\/',
        '\\n',
        '\\u00e9',
        '\\ud83d\\ude00',
        '\\uD83D',
        '😀',
        'é',
        '\u2028',
        '{',
        '}',
        ':',
        ',',
      ),
      fc.stringMatching(/^[a-z ]{1,4}$/),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''));
const STRINGS = INSIDE.map((text) => `"${text}"`);

const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    NUMBERS,
    STRINGS,
    fc.constantFrom('true', 'false', 'null'),
    fc
      .tuple(SPACE, fc.array(tie('json'), { maxLength: 3 }), SPACE)
      .map(([before, items, after]) => `[${before}${items.join(`${after},${before}`)}${after}]`),
    fc
      .tuple(SPACE, fc.array(fc.tuple(STRINGS, tie('json')), { maxLength: 3 }), SPACE)
      .map(([before, items, after]) => {
        const members = items.map(([key, value]) => `${key}${after}:${before}${value}`);
        return `{${before}${members.join(`,${before}`)}${after}}`;
      }),
  ),
}));

/**
 * A member without a meaning: its key may stand there several times, and may be one that objects have by
 * themselves.
 */
const OTHER_MEMBER = fc
  .tuple(
    fc.oneof(
      INSIDE.map((inside) => `x${inside}`),
      fc.constantFrom('__proto__', 'constructor', 'same', 'same'),
    ),
    SPACE,
    SPACE,
    json,
  )
  .map(([key, before, after, value]) => `"${key}"${before}:${after}${value}`);

/** JSON of any form with a hole for a string literal of the field `token`: the text before and after it. */
export const AROUND = fc
  .record({
    before: fc.array(OTHER_MEMBER, { maxLength: 3 }),
    after: fc.array(OTHER_MEMBER, { maxLength: 3 }),
    space: SPACE,
    outer: fc.constantFrom('', '\n', ' \r\n', '\ufeff', '\u00a0'),
  })
  .map(({ before, after, space, outer }) => ({
    head: `${outer}{${space}${[...before, ''].join(`${space},${space}`)}"token"${space}:${space}`,
    tail: `${['', ...after].join(`${space},${space}`)}${space}}${outer}`,
  }));
