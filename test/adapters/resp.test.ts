import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { RespError, RespReader, encoded, type Reply } from '../../functions/adapters/resp.ts';

const line = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n]/g, '_'));
const { reply } = fc.letrec<{ reply: Reply }>((tie) => ({
  reply: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.constant(null),
    line.map((error) => ({ error })),
    fc.array(tie('reply'), { maxLength: 4 }),
  ),
}));

/** As a server writes it; a text in either of its two forms. */
function written(one: Reply): string {
  if (one === null) return '$-1\r\n';
  if (typeof one === 'number') return `:${one}\r\n`;
  if (typeof one === 'string')
    return one.length > 0 && !/[\r\n]/.test(one) && one.length % 2 === 0
      ? `+${one}\r\n`
      : `$${Buffer.byteLength(one)}\r\n${one}\r\n`;
  return 'error' in one ? `-${one.error}\r\n` : `*${one.length}\r\n${one.map(written).join('')}`;
}

const pieces = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );

const read = (bytes: Buffer, size = bytes.length || 1): Reply[] => {
  const reader = new RespReader();
  return pieces(bytes, size).flatMap((piece) => reader.push(piece));
};

describe('RESP', () => {
  it('reads what a server writes, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (replies, size) => {
        assert.deepEqual(read(Buffer.from(replies.map(written).join('')), size), replies);
      }),
    );
  });

  it('writes commands as arrays of texts, of any characters', () => {
    const command = fc.array(fc.string({ unit: 'binary' }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(command), (commands) => {
        assert.deepEqual(read(encoded(commands)), commands);
      }),
    );
    assert.equal(String(encoded([['ACL', 'é']])), '*2\r\n$3\r\nACL\r\n$2\r\né\r\n');
  });

  it('reads an array that is none as nothing', () => {
    assert.deepEqual(read(Buffer.from('*-1\r\n$-1\r\n*0\r\n$0\r\n\r\n')), [null, null, [], '']);
  });

  it('waits for the end of a reply', () => {
    const bytes = Buffer.from('*2\r\n$3\r\nabc\r\n:7\r\n');
    for (let length = 0; length < bytes.length; length++)
      assert.deepEqual(new RespReader().push(bytes.subarray(0, length)), []);
  });

  for (const [name, text] of Object.entries({
    'a page in HTML': '<html>',
    'an answer of HTTP': 'HTTP/1.1 400 Bad Request\r\n\r\n',
    'a length that is no number': '$1e3\r\n',
    'a negative length': '$-2\r\nx\r\n',
    'a text that is longer than it says': '$1\r\nab\r\n',
    'a text without its end': '$1\r\nabc:7\r\n',
    'a length beyond all': '*99999999\r\n',
    'arrays without end': '*1\r\n'.repeat(40),
    'a map of version 3': '%1\r\n+a\r\n+b\r\n',
  }))
    it(`takes ${name} for no answer`, () => {
      assert.throws(() => read(Buffer.from(text)), RespError);
    });

  it('takes no line without an end', () => {
    assert.throws(() => read(Buffer.from(`+${'x'.repeat(2_000_000)}`)), RespError);
  });

  it('throws nothing else, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          read(Buffer.from(bytes), 7);
        } catch (error) {
          assert.ok(error instanceof RespError);
        }
      }),
    );
  });
});
