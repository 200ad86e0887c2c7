import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { plainText, textOf } from '../../../lib/cli/leak-input/text.ts';

const TEXT = 'TOKEN="glpat-CANARY-4f8b1c"\r\n# ein Schlüssel\r\n';

test('text is read in UTF-8 and in UTF-16 of either order, with a mark and without', () => {
  const little = Buffer.from(TEXT, 'utf16le');
  const big = Buffer.from(little).swap16();
  for (const bytes of [
    Buffer.from(TEXT),
    Buffer.from(`\ufeff${TEXT}`),
    little,
    big,
    Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
    Buffer.concat([Buffer.from([0xfe, 0xff]), big]),
  ])
    assert.equal(textOf(bytes), TEXT);
  assert.equal(textOf(Buffer.alloc(0)), '');
});

test('what is no text is none', () => {
  assert.equal(textOf(gzipSync(TEXT.repeat(50))), undefined);
  assert.equal(textOf(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))), undefined);
});

test('text that was read in the wrong encoding is put right', () => {
  assert.equal(
    plainText(Buffer.from(`\ufeff${TEXT.replace('ü', 'u')}`, 'utf16le').toString('utf8')),
    TEXT.replace('ü', 'u'),
  );
  assert.equal(plainText(`\ufeff${TEXT}`), TEXT);
});
