import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeSpan, mrkdwn } from '../../../functions/core/alerts/chat-markup.ts';

test('control characters of chat rooms are shown as they are', () => {
  assert.equal(
    mrkdwn('<!channel> & <https://a.example|b>'),
    '&lt;!channel&gt; &amp; &lt;https://a.example|b&gt;',
  );
});

test('a command that a room would show otherwise is no code', () => {
  assert.equal(codeSpan('keyturn show a'), '`keyturn show a`');
  for (const odd of ['a & b', 'a < b', 'a > b', 'a `b`', undefined]) assert.equal(codeSpan(odd), undefined);
});
