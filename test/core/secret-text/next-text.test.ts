import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { carriesStamp, nextText, type Made } from '../../../functions/core/secret-text/next-text.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { AROUND, STAMP, TOKEN, placed, read } from './texts.ts';

const OTHER = { ...STAMP, mintedAt: 2_000, seal: '2:cd34', expiresAt: 9 };

function made(value: string, more: Partial<Made> = {}): Made {
  return { value: new Secret(value), stamp: STAMP, ...more };
}

function next(text: string, given: Made, tags: Record<string, string> = {}): string {
  return nextText(read(text, placed(tags)), given).reveal();
}

/** Without what was appended: commas and white space before it belong to it. */
function without(text: string, member: string): string {
  const at = text.indexOf(member);
  assert.notEqual(at, -1, text);
  return text.slice(0, at).replace(/,[ \t\r\n]*$/, '') + text.slice(at + member.length);
}

describe('the next text of JSON', () => {
  it('differs in the value and in what is appended, whatever stands around them', () => {
    const spaces = fc.constantFrom('', '\\n', ' ', '\\u0020\\t', '\\u00a0');
    fc.assert(
      fc.property(
        AROUND,
        spaces,
        spaces,
        fc.constantFrom('fresh-value', 'with"quote\\and/slash'),
        ({ head, tail }, before, after, value) => {
          const text = `${head}"${before}${TOKEN}${after}"${tail}`;
          const first = next(text, made(value));
          const stamped = `"_keyturn":${JSON.stringify(STAMP)}`;
          assert.equal(
            without(first, stamped),
            `${head}"${before}${JSON.stringify(value).slice(1, -1)}${after}"${tail}`,
          );
          const { _keyturn: stamp, ...parsed } = JSON.parse(first.trim());
          assert.equal(parsed.token.trim(), value);
          assert.deepEqual(stamp, STAMP);
          assert.equal(Object.keys(JSON.parse(first.trim())).at(-1), '_keyturn', 'it stands last');
        },
      ),
    );
  });

  it('has the second stamp in the place of the first', () => {
    fc.assert(
      fc.property(AROUND, ({ head, tail }) => {
        const first = next(`${head}"${TOKEN}"${tail}`, made('value-one'));
        const second = next(first, made('value-two', { stamp: OTHER }));
        assert.equal(
          second,
          first.replace('value-one', 'value-two').replace(JSON.stringify(STAMP), JSON.stringify(OTHER)),
        );
      }),
    );
  });

  it('takes over a stamp that somebody else left, wherever it stands', () => {
    assert.equal(
      next(`{ "_keyturn" : [1.0, {"x": 2}] , "token":"${TOKEN}" }`, made('fresh')),
      `{ "_keyturn" : ${JSON.stringify(STAMP)} , "token":"fresh" }`,
    );
  });

  it('is written as the text is: new members come in lines of their own where the others do', () => {
    const text = `{\n  "token": "${TOKEN}",\n  "n": 1.0\n}\n`;
    assert.equal(
      next(text, made('fresh', { fields: { client_id: 'app-1' } })),
      `{\n  "token": "fresh",\n  "client_id":"app-1",\n  "n": 1.0,\n  ` +
        `"_keyturn":${JSON.stringify(STAMP)}\n}\n`,
    );
  });

  it('has companions beside the value: replaced where they differ, otherwise left as they are', () => {
    const fields = { client_id: 'app-1' };
    const ours = `"_keyturn":${JSON.stringify(STAMP)}`;
    assert.equal(
      next(`{"client_id" : "old","token":"${TOKEN}"}`, made('fresh', { fields })),
      `{"client_id" : "app-1","token":"fresh",${ours}}`,
    );
    assert.equal(
      next(`{"client_id":"app\\u002d1","token":"${TOKEN}"}`, made('fresh', { fields })),
      `{"client_id":"app\\u002d1","token":"fresh",${ours}}`,
    );
    assert.equal(
      next(`{"a":{"t":"${TOKEN}"},"client_id":7}`, made('fresh', { fields }), { 'keyturn:field': 'a.t' }),
      `{"a":{"t":"fresh","client_id":"app-1"},"client_id":7,${ours}}`,
    );
  });

  it('keeps what stands around the value in its field', () => {
    const tags = { 'keyturn:field': 'authorization', 'keyturn:format': 'Bearer @value@' };
    assert.equal(
      next(`{"authorization":"\\tBearer ${TOKEN}\\u000a","x":1e3}`, made('fresh'), tags),
      `{"authorization":"\\tBearer fresh\\u000a","x":1e3,"_keyturn":${JSON.stringify(STAMP)}}`,
    );
  });
});

describe('the next text of what is no JSON', () => {
  it('is the value with the white space and the words that were around the old one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', ' ', '\n', '\ufeff', '\r\n'),
        fc.constantFrom('', '\n', ' \t'),
        (before, after) => {
          assert.equal(next(`${before}${TOKEN}${after}`, made('fresh')), `${before}fresh${after}`);
          assert.equal(
            next(`${before}KEY=${TOKEN}${after}`, made('fresh'), { 'keyturn:format': 'KEY={value}' }),
            `${before}KEY=fresh${after}`,
          );
        },
      ),
    );
    assert.equal(
      next(`echo ${TOKEN} | docker login`, made('fresh'), {
        'keyturn:format': 'echo {value} @7c@ docker login',
      }),
      'echo fresh | docker login',
    );
  });
});

describe('the first text', () => {
  it('is JSON, in the field that is meant, with companions and stamp', () => {
    const given = made('fresh', { fields: { client_id: 'app-1' } });
    for (const text of ['', ' \n', '{}'])
      assert.deepEqual(JSON.parse(next(text, given)), {
        token: 'fresh',
        client_id: 'app-1',
        _keyturn: STAMP,
      });
    assert.deepEqual(JSON.parse(next('{"a":{}}', given, { 'keyturn:field': 'a.b.c' })), {
      a: { b: { c: 'fresh', client_id: 'app-1' } },
      _keyturn: STAMP,
    });
    assert.equal(
      next('{ "token" : " " }\n', made('fresh')),
      `{ "token" : "fresh", "_keyturn":${JSON.stringify(STAMP)} }\n`,
    );
    assert.equal(
      next('{"__proto__":{"x":""}}', made('fresh'), { 'keyturn:field': '__proto__.x' }),
      `{"__proto__":{"x":"fresh"},"_keyturn":${JSON.stringify(STAMP)}}`,
    );
  });

  it('has the form that the tags state', () => {
    assert.equal(next('', made('fresh'), { 'keyturn:format': 'KEY={value}' }), 'KEY=fresh');
    assert.equal(next('KEY=', made('fresh'), { 'keyturn:format': 'KEY={value}' }), 'KEY=fresh');
    assert.equal(
      JSON.parse(
        next('{"h":"Bearer "}', made('fresh'), { 'keyturn:field': 'h', 'keyturn:format': 'Bearer {value}' }),
      ).h,
      'Bearer fresh',
    );
  });

  it('reads back as what was written, and so does every one after it', () => {
    const tags = fc.constantFrom<Record<string, string>[]>(
      {},
      { 'keyturn:field': 'a.b' },
      { 'keyturn:format': 'Bearer {value}' },
      { 'keyturn:field': 'a@5c@.b', 'keyturn:format': 'x-{value}-y' },
    );
    fc.assert(
      fc.property(
        tags,
        fc.array(fc.stringMatching(/^[A-Za-z0-9_-]{8,30}$/), { minLength: 1, maxLength: 4 }),
        (one, values) => {
          let text = '';
          for (const value of values.map((each) => `v${each}`)) {
            text = next(text, made(value), one);
            const payload = read(text, placed(one));
            assert.equal(payload.value?.reveal(), value);
            assert.deepEqual(payload.stamp, carriesStamp(payload) ? STAMP : undefined);
          }
        },
      ),
    );
  });
});

describe('a stamp', () => {
  it('has room in JSON alone, there or to come', () => {
    const carries = (text: string, tags: Record<string, string> = {}): boolean =>
      carriesStamp(read(text, placed(tags)));
    assert.deepEqual(
      ['', '{}', `{"token":"${TOKEN}"}`].map((text) => carries(text)),
      [true, true, true],
    );
    assert.equal(carries(TOKEN), false);
    assert.equal(carries('', { 'keyturn:format': 'K={value}' }), false);
    assert.equal(carries('', { 'keyturn:format': 'K={value}', 'keyturn:field': 'token' }), true);
  });
});
