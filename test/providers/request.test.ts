import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Secret } from '../../functions/core/secret.ts';
import { bearer, requestOf } from '../../functions/providers/request.ts';

const ADDRESS = new URL('https://git.example.com/api');

function refusal(value: string): string {
  try {
    requestOf(ADDRESS, { method: 'GET', path: '/api', headers: { authorization: bearer(new Secret(value)) } }, 1_000);
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.doesNotMatch(`${error.stack ?? ''} ${String(error.cause)}`, /c4nary/);
    return error.message;
  }
}

for (const value of ['c4nary\u2013x', '\u201cc4nary\u201d', 'c4nary\u200b', 'c4nary\u0444', 'c4nary\ud83d\ude00', 'c4nary\ufeff'])
  it(`a value that no header can carry is told as that, and not as line breaks: ${JSON.stringify(value)}`, () => {
    assert.match(refusal(value), /^A credential or another value for GET \/api has characters outside of ISO-8859-1, such as .*: store it again as its issuer wrote it\.$/);
  });

for (const value of ['c4nary\nx', 'c4nary\r\nx'])
  it(`a line break is told as one: ${JSON.stringify(value)}`, () => {
    assert.match(refusal(value), /has a line break in it: store it again without line breaks\.$/);
  });

it('another character that HTTP does not allow is told as that', () => {
  assert.match(refusal('c4nary\u0000x'), /has characters that HTTP does not allow: store it again as its issuer wrote it\.$/);
  assert.equal(refusal('c4nary'), 'taken');
});
