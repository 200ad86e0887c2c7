import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseWhereStamped } from '../../../functions/core/secret-text/secret-text.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { AROUND, PATTERN, STAMP, TOKEN, placed, read, refusal } from './texts.ts';

const CANARY = 'hushhushhush0123456789';

describe('reading a secret', () => {
  it('takes one word as the credential, without the white space around it', () => {
    fc.assert(
      fc.property(
        fc
          .stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~+/-]{7,60}$/)
          .filter((text) => Number.isNaN(Number(text))),
        fc.constantFrom('', ' ', '\n', ' \r\n', '\ufeff', '\u00a0\u2003', '\u2028'),
        (value, around) => {
          const payload = read(`${around}${value}${around}`);
          assert.equal(payload.form, 'plain');
          assert.equal(payload.value?.reveal(), value);
          const inJson = read(JSON.stringify({ token: `${around}${value}${around}` }));
          assert.equal(inJson.value?.reveal(), value);
        },
      ),
    );
  });

  it('finds credential and stamp in JSON of any form', () => {
    fc.assert(
      fc.property(AROUND, fc.boolean(), ({ head, tail }, isStamped) => {
        const stamped = isStamped ? `,"_keyturn":${JSON.stringify(STAMP)}` : '';
        const payload = read(`${head}"\\u0074${TOKEN.slice(1)}"${stamped}${tail}`);
        assert.equal(payload.form, 'json');
        assert.equal(payload.value?.reveal(), TOKEN);
        assert.deepEqual(payload.stamp, isStamped ? STAMP : undefined);
      }),
    );
  });

  it('believes no stamp that is not whole', () => {
    for (const stamp of [
      undefined,
      'x',
      {},
      { ...STAMP, seal: '' },
      { ...STAMP, handle: '' },
      { ...STAMP, mintedAt: 'now' },
    ])
      assert.equal(read(JSON.stringify({ token: TOKEN, _keyturn: stamp })).stamp, undefined);
  });

  it('reads the stamp of a later version by the members that it knows', () => {
    assert.deepEqual(read(JSON.stringify({ token: TOKEN, _keyturn: { ...STAMP, more: 1 } })).stamp, {
      ...STAMP,
      more: 1,
    });
  });

  it('takes for empty only what holds nothing that could be lost', () => {
    for (const text of ['', ' \n', '\ufeff', '{}', '{ }\n', '{"token":""}', '{"token":" \\n"}'])
      assert.equal(read(text).form, 'empty');
    assert.equal(read('{"a":{"b":""}}', placed({ 'keyturn:field': 'a.b' })).form, 'empty');
    assert.equal(read('KEY=\n', placed({ 'keyturn:format': 'KEY={value}' })).form, 'empty');
    for (const text of [
      '{"token":"","x":1}',
      '{"token":"","_keyturn":{}}',
      '{"user":"x"}',
      '{"user":""}',
      '{"a":{}}',
      '{"_keyturn":{}}',
    ])
      assert.match(
        refusal(() => read(text)),
        /: (name|store) /,
      );
    for (const text of ['{"token":null}', '{"token":["v"]}', '{"token":{}}', '{"token":7}', '{"token":true}'])
      assert.match(
        refusal(() => read(text)),
        /"token" of the secret is not text: store/,
      );
    assert.match(
      refusal(() => read('{"a":{"b":"","c":1}}', placed({ 'keyturn:field': 'a.b' }))),
      /"a.b" of the secret is empty/,
    );
    assert.match(
      refusal(() => read('{"a":{"b":""},"c":1}', placed({ 'keyturn:field': 'a.b' }))),
      /"a.b" of the secret is empty/,
    );
  });
});

describe('what is not understood', () => {
  it('names the field that is read and where the token seems to stand, by names alone', () => {
    assert.match(
      refusal(() => read(`{"GITLAB_TOKEN":"${CANARY}","GITLAB_URL":"https://x"}`)),
      /other fields but not "token".+stood in "GITLAB_TOKEN".+keyturn:field/,
    );
    assert.match(
      refusal(() => read(`{"gitlab":{"token":"${CANARY}"}}`)),
      /stood in "gitlab\.token"/,
    );
    assert.match(
      refusal(() => read(`{"Token":"${CANARY}"}`)),
      /stood in "Token"/,
    );
    const message = refusal(() => read(`{"${CANARY}":"token"}`));
    assert.ok(!message.includes(CANARY) && !message.includes('it looks as if'), message);
  });

  it('is a key that is there twice on the way, a list on the way, and a stamp that is there twice', () => {
    assert.match(
      refusal(() => read(`{"token":"x","\\u0074oken":"${CANARY}"}`)),
      /"token" twice: keep one/,
    );
    assert.match(
      refusal(() => read(`{"a":{"b":"x"},"a":{"b":"y"}}`, placed({ 'keyturn:field': 'a.b' }))),
      /"a" twice/,
    );
    assert.match(
      refusal(() => read(`{"a":[{"b":"${CANARY}"}]}`, placed({ 'keyturn:field': 'a.0.b' }))),
      /"a" of the secret is no object with fields/,
    );
    assert.match(
      refusal(() => read(`{"token":"${CANARY}","_keyturn":{},"_keyturn":{}}`)),
      /"_keyturn" twice/,
    );
    assert.equal(
      read(`{"x":1,"x":2,"token":"${TOKEN}","y":{"token":1,"token":2}}`).value?.reveal(),
      TOKEN,
      "elsewhere it is nobody's business",
    );
  });

  it('is a companion that is there twice, or is no text, in the object of the value alone', () => {
    const place = placed({}, { companions: ['client_id'] });
    assert.match(
      refusal(() => read(`{"token":"${TOKEN}","client_id":["x"]}`, place)),
      /"client_id" of the secret, which Keyturn writes beside the token, is not text: rename it/,
    );
    assert.match(
      refusal(() => read(`{"token":"${TOKEN}","client_id":"x","client_id":"y"}`, place)),
      /"client_id" twice/,
    );
    assert.equal(read(`{"token":"${TOKEN}","x":{"client_id":7}}`, place).form, 'json');
    assert.deepEqual(
      ['{"token":"t","client_id":" abc "}', '{"token":"t","client_id":""}', '{"token":"t"}', 'tok'].map(
        (text) => read(text, place).beside,
      ),
      [{ client_id: 'abc' }, {}, {}, {}],
    );
    const nested = placed({ 'keyturn:field': 'a.token' }, { companions: ['client_id'] });
    assert.equal(read(`{"client_id":7,"a":{"token":"${TOKEN}"}}`, nested).form, 'json');
    assert.match(
      refusal(() => read(`{"a":{"token":"${TOKEN}","client_id":7}}`, nested)),
      /is not text/,
    );
  });

  it('is JSON that is none, and JSON too deep to be kept', () => {
    for (const text of [
      '{"token":"x"',
      '{token:"x"}',
      "{'token':'x'}",
      '{"token":"x",}',
      '{"token":"x"} y',
      '{"a":01}',
      '{"token":"a\u0001b"}',
      '{/**/"token":"x"}',
      '{{resolve:secretsmanager:x}}',
      '${TOKEN}x{',
    ].filter((one) => one.startsWith('{')))
      assert.match(
        refusal(() => read(text)),
        /not valid JSON: correct it/,
      );
    assert.match(
      refusal(() => read(`{"a":${'['.repeat(30_000)}${']'.repeat(30_000)},"token":"x"}`)),
      /nested too deeply/,
    );
  });

  it('is a value with something around it, in a field as in a text', () => {
    const place = placed({}, { pattern: PATTERN });
    for (const [text, looks] of [
      [`Bearer ${TOKEN}`, 'HTTP header'],
      [`KEY=${TOKEN}`, 'assignment'],
      [`"${TOKEN}"`, 'JSON string'],
      [`["${TOKEN}"]`, 'JSON array'],
    ] as const) {
      for (const stored of [text, JSON.stringify({ token: text })]) {
        const message = refusal(() => read(stored, place));
        assert.match(message, /holds the token inside of other text/);
        assert.match(message, new RegExp(looks));
        assert.ok(!message.includes(TOKEN), message);
      }
    }
  });

  it('is plain text where a tag names a field, and another form than a tag says', () => {
    assert.match(
      refusal(() => read(TOKEN, placed({ 'keyturn:field': 'a.b' }))),
      /no JSON object, and its tag keyturn:field names a field of one: store JSON with the field "a\.b"/,
    );
    for (const text of [TOKEN, `export KEY=${TOKEN}`, `key=${TOKEN}`, `KEY="${TOKEN}"`])
      assert.match(
        refusal(() => read(text, placed({ 'keyturn:format': 'KEY={value}' }))),
        /keyturn:format/,
      );
    assert.match(
      refusal(() => read(`{"token":"${TOKEN}"}`, placed({ 'keyturn:format': 'KEY={value}' }))),
      /The field "token" of the secret does not look as its tag keyturn:format says/,
    );
  });

  it('is everything while a tag cannot be followed', () => {
    for (const tags of [{ 'keyturn:field': 'a..b' }, { 'keyturn:format': 'KEY=' }])
      assert.match(
        refusal(() => read(TOKEN, placed(tags))),
        /^The tag keyturn:(field|format) of the secret is wrong: write .+\.$/,
      );
  });
});

describe('a format that is the value alone', () => {
  it('says that an odd text is the value as a whole, but for a token in quotes', () => {
    const whole = { 'keyturn:format': '{value}' };
    for (const text of ['a:b', 'k=v', '"quoted"', '123', 'null', '{"a', '(x)'])
      assert.equal(
        text.startsWith('{') ? 'x' : read(text, placed(whole)).value?.reveal(),
        text.startsWith('{') ? 'x' : text,
      );
    assert.equal(read('{"token":"{odd}"}', placed(whole)).value?.reveal(), '{odd}');
    assert.match(
      refusal(() => read('two words', placed(whole))),
      /several words/,
    );
    assert.match(
      refusal(() => read(`"${TOKEN}"`, placed(whole, { pattern: PATTERN }))),
      /inside of other text/,
    );
  });
});

describe('a text that its stamp explains', () => {
  it('is read where the stamp says, whatever the tags say by now', () => {
    const text = (stamp: object): Secret =>
      new Secret(JSON.stringify({ a: { b: `Bearer ${TOKEN}` }, token: 'other', _keyturn: stamp }));
    const place = placed({ 'keyturn:field': 'elsewhere' });
    assert.equal(
      parseWhereStamped({
        text: text({ ...STAMP, field: 'a.b', format: 'Bearer {value}' }),
        place,
      })?.value?.reveal(),
      TOKEN,
    );
    assert.equal(parseWhereStamped({ text: text(STAMP), place })?.value?.reveal(), 'other');
    for (const stamp of [{}, { ...STAMP, field: '' }])
      assert.equal(parseWhereStamped({ text: text(stamp), place }), undefined);
    assert.equal(parseWhereStamped({ text: new Secret(TOKEN), place }), undefined);
  });
});
