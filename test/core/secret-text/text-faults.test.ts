import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PATTERN, TOKEN, placed, read, refusal } from './texts.ts';

const CANARY = 'hushhushhush0123456789';

describe('the error for a text that cannot be read', () => {
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
});
