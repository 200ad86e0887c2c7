import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { bearer, pathOf, requestOf } from '../../functions/providers/request.ts';

const ADDRESS = new URL('https://git.example.com/api');

function refusal(value: string): string {
  try {
    requestOf(
      ADDRESS,
      { method: 'GET', path: '/api', headers: { authorization: bearer(new Secret(value)) } },
      1_000,
    );
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.doesNotMatch(`${error.stack ?? ''} ${String(error.cause)}`, /c4nary/);
    return error.message;
  }
}

for (const value of [
  'c4nary\u2013x',
  '\u201cc4nary\u201d',
  'c4nary\u200b',
  'c4nary\u0444',
  'c4nary\ud83d\ude00',
  'c4nary\ufeff',
])
  it(`a value that no header can carry is reported so, not as line breaks: ${JSON.stringify(value)}`, () => {
    assert.match(
      refusal(value),
      /^A credential or another value for GET \/api has characters outside of ISO-8859-1, such as .*: store it again as its issuer wrote it\.$/,
    );
  });

for (const value of ['c4nary\nx', 'c4nary\r\nx'])
  it(`a line break is told as one: ${JSON.stringify(value)}`, () => {
    assert.match(refusal(value), /has a line break in it: store it again without line breaks\.$/);
  });

it('one bad value among good ones is told as what it is', () => {
  const said = (value: string): string => {
    try {
      requestOf(
        ADDRESS,
        { method: 'GET', path: '/api', headers: { 'x-good': 'good', authorization: value } },
        1_000,
      );
      return 'taken';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  assert.match(said('c4nary\u2013x'), /outside of ISO-8859-1/);
  assert.match(said('c4nary\nx'), /has a line break/);
});

it('a request asks for JSON, and says what its body is, unless it was said', async () => {
  const sent = requestOf(ADDRESS, { method: 'POST', path: '/api', body: { json: { a: 1 } } }, 1_000);
  assert.deepEqual(
    [sent.headers.get('accept'), sent.headers.get('content-type'), await sent.text()],
    ['application/json', 'application/json', '{"a":1}'],
  );
  const own = requestOf(
    ADDRESS,
    {
      method: 'PATCH',
      path: '/api',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { json: {} },
    },
    1_000,
  );
  assert.equal(own.headers.get('content-type'), 'application/merge-patch+json');
  const form = requestOf(
    ADDRESS,
    { method: 'POST', path: '/api', body: { form: { a: 'b c', d: new Secret('e') } } },
    1_000,
  );
  assert.deepEqual(
    [form.headers.get('content-type'), await form.text()],
    ['application/x-www-form-urlencoded', 'a=b+c&d=e'],
  );
  const none = requestOf(ADDRESS, { method: 'GET', path: '/api' }, 1_000);
  assert.deepEqual([none.headers.get('content-type'), await none.text()], [null, '']);
});

it('a path holds its parts encoded, and nothing more', () =>
  assert.equal(pathOf`/projects/${'a/b'}/tokens/${7}`, '/projects/a%2Fb/tokens/7'));

it('another character that HTTP does not allow is told as that', () => {
  assert.match(
    refusal('c4nary\u0000x'),
    /has characters that HTTP does not allow: store it again as its issuer wrote it\.$/,
  );
  assert.equal(refusal('c4nary'), 'taken');
});
