import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseWhereStamped } from '../../../functions/core/secret-text/secret-text.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { AROUND, STAMP, TOKEN, placed, read, refusal } from './texts.ts';

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

  it('is everything while a tag cannot be followed', () => {
    for (const tags of [{ 'keyturn:field': 'a..b' }, { 'keyturn:format': 'KEY=' }])
      assert.match(
        refusal(() => read(TOKEN, placed(tags))),
        /^The tag keyturn:(field|format) of the secret is wrong: write .+\.$/,
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
