import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PATTERN, TOKEN, placed, read, refusal } from './texts.ts';

const CANARY = 'hushhushhush0123456789';

describe('the place of the value', () => {
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
      'elsewhere Keyturn does not care',
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
