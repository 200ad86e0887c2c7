import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { wrappingOf } from '../../../functions/core/secret-text/value-shape.ts';
import { PATTERN, TOKEN } from './texts.ts';

const looks = (text: string, isField = false, pattern?: RegExp): string | undefined =>
  wrappingOf(text, { pattern, isField })?.looksLike;

describe('the shape of a value', () => {
  it('is one word as bearer tokens are', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjaSJ9.c2lnbmF0dXJl-_x';
    for (const text of [
      jwt,
      'abcDEF0123+/abcDEF0123+/ab==',
      'abcdefghijklmnopqrstuvw=',
      'npm_0aZ',
      'a1b2c3d4',
      '0oafxqCAJWWGELFTYASJ',
      'A_B_C',
      'nullable',
      '-x.y~z',
    ])
      assert.equal(looks(text), undefined, text);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 40 }), (bytes) =>
        assert.equal(looks(`k${Buffer.from(bytes).toString('hex')}`), undefined),
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 9, maxLength: 40 }), (bytes) =>
        assert.equal(looks(Buffer.from([255, ...bytes]).toString('base64')), undefined),
      ),
    );
  });

  it('is not what has something around it, and it is told what that looks like', () => {
    const cases: [string, RegExp][] = [
      ['"v"', /JSON string/],
      ['["v"]', /JSON array/],
      ['123', /JSON number/],
      ['-1.5e3', /JSON number/],
      ['true', /JSON literal/],
      ['null', /JSON literal/],
      ["'v'", /quotes/],
      ['`v`', /quotes/],
      ['v"', /quotes/],
      ['KEY=v', /assignment/],
      ['KEY = v', /assignment/],
      ['KEY=', /assignment/],
      ['api_tok=', /assignment/],
      ['GITLAB_TOKEN=', /assignment/],
      ['MY_TOKEN_AB=', /assignment/],
      ['a=b=', /assignment/],
      ['abc===', /assignment/],
      ['//host/:_authToken=v', /assignment/],
      ['export KEY=v', /shell/],
      ['set KEY=v', /shell/],
      ['$env:KEY = "v', /shell|assignment/],
      ['Bearer v', /HTTP header/],
      ['basic dTpw', /HTTP header/],
      ['Authorization: Bearer v', /line of an HTTP header/],
      ['PRIVATE-TOKEN: v', /line of an HTTP header/],
      ['https://u:p@h/x', /URL/],
      ['postgres://u:p@h', /URL/],
      ['-----BEGIN KEY-----\nx\n-----END KEY-----', /PEM/],
      ['a\nb', /several lines/],
      ['a\rb', /several lines/],
      ['key: v', /YAML/],
      ['user:v', /colon/],
      ['a b', /several words/],
      ['a\u00a0b', /several words/],
      ['${KEY}', /characters/],
      ['<token>', /characters/],
      ['zero\u200bwidth', /characters/],
      ['naïve', /characters/],
      ['{v}', /JSON object/],
    ];
    for (const [text, expected] of cases)
      for (const isField of [false, true])
        if (!(isField && /^-?[\d.e]+$/.test(text)))
          assert.match(looks(text, isField) ?? 'a value', expected, JSON.stringify(text));
    assert.equal(looks('123', true), undefined, 'a number in a JSON string is text');
  });

  it('is never a text with white space in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom(' ', '\t', '\n', '\u00a0', '\u2003'),
        fc.string({ unit: 'grapheme' }),
        fc.boolean(),
        (a, space, b, isField) => assert.notEqual(looks(`a${a}${space}${b}b`, isField, PATTERN), undefined),
      ),
    );
  });
});

describe('a text that a pattern fits', () => {
  it('is a value where the whole is one word around one match', () => {
    for (const text of [TOKEN, `acme-${TOKEN}`, `${TOKEN}.01.0r03gxo7s`])
      assert.equal(looks(text, false, PATTERN), undefined, text);
  });

  it('is a value where it is all that the pattern says, even with a colon in it', () => {
    const pattern = /[\w~.-]+:[\w~.-]+\.[0-9a-f]{8}/;
    assert.equal(looks('default:production.0123abcd', false, pattern), undefined);
    for (const text of ['x=default:production.0123abcd', 'token: default:production.0123abcd'])
      assert.equal(wrappingOf(text, { pattern, isField: false })?.holdsToken, true, text);
    assert.match(looks('token:default:production.0123abcd', false, pattern) ?? 'a value', /colon/);
  });

  it('is not, where anything else stands beside the match', () => {
    for (const text of [
      `x=${TOKEN}`,
      `${TOKEN},`,
      `${TOKEN};`,
      `${TOKEN}/x`,
      `x:${TOKEN}`,
      `<${TOKEN}>`,
      `${TOKEN}.${TOKEN}`,
      `https://x/${TOKEN}`,
      `{${TOKEN}}`,
    ]) {
      const wrapping = wrappingOf(text, { pattern: PATTERN, isField: true });
      assert.equal(wrapping?.holdsToken, true, text);
    }
  });

  it('is not a value either where base64 hides the match', () => {
    for (const text of [TOKEN, `user:${TOKEN}`, `KEY=${TOKEN}\n`])
      for (const encoding of ['base64', 'base64url'] as const)
        assert.deepEqual(
          wrappingOf(Buffer.from(text).toString(encoding), { pattern: PATTERN, isField: true }),
          { looksLike: 'base64', holdsToken: true },
        );
  });

  it('needs not to fit: an issuer may use another prefix', () => {
    assert.equal(looks('acme_0123456789abcdef', false, PATTERN), undefined);
    assert.equal(
      wrappingOf('KEY=acme_0123456789abcdef', { pattern: PATTERN, isField: false })?.holdsToken,
      false,
    );
  });
});
