import assert from 'node:assert/strict';
import { test } from 'node:test';
import { words } from './change-cases.ts';

test('what a caller chose is shown short, and with nothing in it that no name has', () => {
  const said = words('TagResource', {
    tags: [{ key: 'keyturn:owner', value: `<a href="x">\n${'y'.repeat(1_000)}` }],
  });
  assert.match(said, /^[\w+=,.@:/ -]+$/);
  assert.ok(said.length < 250);
  assert.match(
    words('UntagResource', { tagKeys: Array.from({ length: 40 }, (_, index) => `t${index}`) }),
    /t5 and 34 more$/,
  );
});
