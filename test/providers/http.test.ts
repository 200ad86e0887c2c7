import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { STANDARD_DIALECT, epochDialect, secondsDialect } from '../../functions/providers/dialect.ts';
import { VERSION, basic, bearer, pathOf, type HttpRequest } from '../../functions/providers/request.ts';
import { httpClient } from '../../functions/providers/http.ts';
import type { HttpOptions } from '../../functions/providers/http-options.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { assertCode, connectionReset, everythingIn, recordingWorld, rejection } from '../contracts/world.ts';

const START = Date.parse('2026-03-02T10:00:00Z');
const GET: HttpRequest = { method: 'GET', path: '/v1/things', query: { page: '2', q: 'canary-query' } };
const POST: HttpRequest = { method: 'POST', path: '/v1/things', body: { json: { name: 'n' } } };

type Step = Response | Error | (() => Response | Promise<Response>);

/** A client whose issuer answers with the given steps, the last one again and again. */
function clientOf(steps: readonly Step[], options: Partial<HttpOptions> = {}) {
  const clock = new VirtualClock(START);
  let index = 0;
  const world = recordingWorld(clock, async () => {
    const step = steps[Math.min(index++, steps.length - 1)];
    if (step instanceof Error) throw step;
    if (step === undefined) throw new Error('no steps');
    return typeof step === 'function' ? step() : step.clone();
  });
  return {
    ...world,
    clock,
    client: httpClient({ origin: 'https://issuer.example', tools: world.tools, ...options }),
  };
}

const ok = (body: unknown = {}) => Response.json(body);
const status = (code: number, headers: Record<string, string> = {}) =>
  new Response('canary-body', { status: code, headers });

describe('httpClient', () => {
  it('sends its name, the credential and JSON, and reads the answer by its schema', async () => {
    const { client, sent } = clientOf([ok({ id: 7, more: true })]);
    const answer = await client.send({ ...POST, headers: { authorization: bearer(new Secret('s3cret')) } });
    assert.deepEqual(answer.json(z.object({ id: z.number() })), { id: 7 });
    assert.equal(answer.status, 200);
    for (const part of [
      'user-agent: keyturn/',
      'authorization: Bearer s3cret',
      'content-type: application/json',
      '{"name":"n"}',
    ])
      assert.ok(sent[0]?.text.includes(part), part);
  });

  it('sends forms, secrets in them included', async () => {
    const { client, sent } = clientOf([ok()]);
    await client.send({
      ...POST,
      body: { form: { grant: 'a b', password: new Secret('p&q') } },
      headers: { authorization: basic('me', new Secret('p:w')) },
    });
    assert.ok(sent[0]?.text.includes('grant=a+b&password=p%26q'));
    assert.ok(sent[0]?.text.includes('me:p:w'));
  });

  it('has the version of package.json', () => {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));
    assert.equal(VERSION, version);
  });

  it('goes to its https origin and nowhere else', async () => {
    for (const origin of [
      'http://issuer.example',
      'https://issuer.example/',
      'https://issuer.example/base/',
      'https://issuer.example/a/../b',
      'https://issuer.example/base?x',
      'https://a:b@issuer.example',
      'ftp://issuer.example',
    ])
      assertCode(await rejection(clientOf([ok()], { origin }).client.send(GET)), 'bad-request');
    for (const path of [
      '//evil.example/x',
      '/a/../b',
      '/a/%2e%2e/b',
      'a',
      '/a?x=1',
      '/a#x',
      '/a\\b',
      '/a b',
    ]) {
      const { client, sent } = clientOf([ok()]);
      const error = await client.send({ method: 'GET', path }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined)
        assert.deepEqual(
          sent.map(({ host, path: arrived }) => [host, arrived]),
          [['issuer.example', path]],
          path,
        );
      else assertCode(error, 'bad-request');
    }
  });

  it('stays below the base path of its root', async () => {
    const { client, sent } = clientOf([ok()], { origin: 'https://issuer.example/git/lab' });
    await client.send(GET);
    assert.deepEqual(
      sent.map(({ path }) => path.split('?')[0]),
      ['/git/lab/v1/things'],
    );
    for (const path of ['/../x', '/a/../../x', '/%2e%2e/x', '', 'x'])
      assertCode(await rejection(client.send({ method: 'GET', path })), 'bad-request');
    assert.equal(sent.length, 1);
  });

  it('reads no answer without end', async () => {
    let sent = 0;
    const endless = () =>
      new Response(
        new ReadableStream({
          pull: (controller) =>
            controller.enqueue(new Uint8Array(1024 * 1024).fill((sent += 1024 * 1024) && 32)),
        }),
      );
    assertCode(
      await rejection(clientOf([endless]).client.send(GET)),
      'issuer-response-invalid',
      'more than 16777216 bytes',
    );
    assert.ok(sent < 32 * 1024 * 1024, String(sent));
  });

  it('names a request in errors as its caller says, where its path is a secret', async () => {
    const hook = { ...POST, path: '/hooks/canary-path', called: 'the webhook x' };
    for (const step of [status(404), status(503), status(401), ok('text'), connectionReset('canary-path')]) {
      const error = await rejection(
        clientOf([step])
          .client.send(hook)
          .then((answer) => answer.json(z.object({ id: z.number() }))),
      );
      assert.ok(error instanceof KeyturnError);
      assert.ok(
        error.message.includes('POST the webhook x') && !everythingIn(error).includes('canary-path'),
        error.message,
      );
    }
  });

  it('follows no redirect, not even one the runtime followed', async () => {
    for (const code of [301, 302, 303, 307, 308]) {
      const { client, sent } = clientOf([status(code, { location: 'https://evil.example/' })]);
      assertCode(await rejection(client.send(GET)), 'issuer-refused', String(code));
      assert.equal(sent.length, 1);
    }
    for (const shown of [{ redirected: true }, { type: 'opaqueredirect' }]) {
      const followed = Object.defineProperties(
        ok(),
        Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, { value }])),
      );
      assertCode(
        await rejection(clientOf([() => followed]).client.send(GET)),
        'issuer-refused',
        'answered 302 to GET /v1/things: Keyturn follows no redirects',
      );
    }
  });

  it('accepts answers from 200 to 299, and tells redirects and errors apart', async () => {
    assert.equal((await clientOf([status(299)]).client.send(GET)).status, 299);
    for (const [code, kind, says] of [
      [300, 'issuer-refused', 'follows no redirects'],
      [399, 'issuer-refused', 'follows no redirects'],
      [400, 'issuer-refused', '400 to GET /v1/things.'],
      [401, 'admin-credential-rejected', 'does not accept the admin credential'],
      [403, 'admin-credential-rejected', 'may not do this'],
      [404, 'issuer-refused', '404 to GET /v1/things.'],
    ] as const)
      assertCode(await rejection(clientOf([status(code)]).client.send(GET)), kind, says);
  });

  it('asks the runtime not to follow redirects', async () => {
    const clock = new VirtualClock(START);
    const seen: string[] = [];
    const tools = {
      now: () => clock.now(),
      sleep: async () => {},
      uuid: () => crypto.randomUUID(),
      fetch: async (request: Request) => (seen.push(request.redirect), ok()),
    };
    await httpClient({ origin: 'https://issuer.example', tools }).send(GET);
    assert.deepEqual(seen, ['manual']);
  });

  it('names method, path and status, and nothing of query, body or headers', async () => {
    const error = await rejection(
      clientOf([status(418, { 'x-canary': 'canary-header' })]).client.send({
        ...GET,
        headers: { authorization: new Secret('canary-secret') },
      }),
    );
    assertCode(error, 'issuer-refused', 'GET /v1/things', '418', 'issuer.example');
    assert.ok(!everythingIn(error).includes('canary'));
  });

  it('drops the message and the cause of the runtime, and keeps its code', async () => {
    const error = await rejection(clientOf([connectionReset('canary')]).client.send(GET));
    assertCode(error, 'issuer-unreachable', 'ECONNRESET');
    assert.ok(!everythingIn(error).includes('canary'));
  });

  it('keeps no code that could be anything else, and says of all else that it failed', async () => {
    const saying = async (thrown: unknown): Promise<string> => {
      const tools = {
        now: () => START,
        sleep: async () => {},
        uuid: () => crypto.randomUUID(),
        fetch: () => Promise.reject(thrown),
      };
      return (
        (await rejection(
          httpClient({ origin: 'https://issuer.example', tools, tries: 1 }).send(GET),
        )) as Error
      ).message.replace(/^.*: /, '');
    };
    const coded = (code: unknown): Error => Object.assign(new Error('canary'), { code });
    assert.equal(await saying(coded('EPIPE')), 'EPIPE.');
    assert.equal(
      await saying(new TypeError('canary', { cause: coded('UND_ERR_SOCKET') })),
      'UND_ERR_SOCKET.',
    );
    assert.equal(
      await saying(Object.assign(new Error('canary', { cause: new Error('x') }), { code: 'EPIPE' })),
      'EPIPE.',
    );
    for (const thrown of [
      'canary',
      undefined,
      new Error('canary'),
      coded(7),
      coded('E1'),
      coded('xEPIPE'),
      coded('EPIPE canary'),
      coded(['EPIPE']),
      new TypeError('canary', { cause: 'EPIPE' }),
    ])
      assert.equal(await saying(thrown), 'failed.');
    assert.equal(await saying(new DOMException('canary', 'TimeoutError')), 'timed out.');
  });

  it('ends a request that takes too long', async () => {
    const clock = new VirtualClock(START);
    // A request that nothing holds may be collected, and its signal with it; a socket would hold it.
    const held: Request[] = [];
    const tools = {
      now: () => clock.now(),
      sleep: (length: number) => clock.advanceBy(length),
      uuid: () => crypto.randomUUID(),
      fetch: (request: Request) =>
        new Promise<Response>(
          (_, reject) =>
            held.push(request) &&
            request.signal.addEventListener('abort', () => reject(request.signal.reason)),
        ),
    };
    // AbortSignal.timeout does not keep the process alive, as a socket would.
    const timer = setInterval(() => {}, 1_000);
    const error = await rejection(
      httpClient({ origin: 'https://issuer.example', tools, timeout: 5, tries: 2 }).send(GET),
    );
    clearInterval(timer);
    assertCode(error, 'issuer-unreachable', 'timed out');
    assert.equal(held.length, 2);
  });

  it('counts a body that breaks off as unreachable', async () => {
    const broken = () =>
      new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('canary')) }), {
        status: 200,
      });
    const error = await rejection(clientOf([broken]).client.send(POST));
    assertCode(error, 'issuer-unreachable');
    assert.ok(!everythingIn(error).includes('canary'));
  });

  it('passes on errors of our own that a guard around fetch threw, untried again', async () => {
    const { client, sent } = clientOf([new KeyturnError('admin-invalid', 'The host is not allowed.')]);
    assertCode(await rejection(client.send(GET)), 'admin-invalid');
    assert.equal(sent.length, 1);
  });

  it('quotes no header that HTTP cannot carry', async () => {
    const error = await rejection(
      clientOf([ok()]).client.send({ ...GET, headers: { authorization: new Secret('canary\nx: y') } }),
    );
    assertCode(error, 'bad-request', 'GET /v1/things');
    assert.ok(!everythingIn(error).includes('canary'));
  });

  it('names the field of an answer that is not as documented, and no value', async () => {
    const answer = await clientOf([ok({ item: { id: 'canary' } })]).client.send(GET);
    const error = await rejection(
      Promise.resolve().then(() => answer.json(z.object({ item: z.object({ id: z.number() }) }))),
    );
    assertCode(error, 'issuer-response-invalid', 'item.id', 'GET /v1/things');
    assert.ok(!everythingIn(error).includes('canary'));
  });

  it('hands over the statuses that the caller reads itself', async () => {
    assert.equal((await clientOf([status(404)]).client.send({ ...GET, accept: [404] })).status, 404);
    for (const code of [200, 204, 400, 401, 451])
      assert.equal(
        (
          await clientOf([code === 204 ? new Response(null, { status: 204 }) : status(code)]).client.send({
            ...GET,
            accept: 'any',
          })
        ).status,
        code,
      );
    for (const code of [302, 429, 500])
      await rejection(clientOf([status(code)]).client.send({ ...GET, accept: 'any' }));
  });

  it("repeats the issuer's own sentences that are listed as safe, and nothing around them", async () => {
    const body = JSON.stringify({ message: '400 Bad request - No more than 17 keys, canary-1' });
    const safe = [
      { status: 400, pattern: /No more than \d+ keys/, source: 'a page' },
      { status: 403, pattern: /by canary/, says: 'a person may not', source: 'a page' },
    ];
    const sending = (response: Response) => clientOf([response], { safe }).client.send(GET);
    const error = await rejection(sending(new Response(body, { status: 400 })));
    assertCode(error, 'issuer-refused', 'answered 400 to GET /v1/things: No more than 17 keys.');
    assert.ok(!everythingIn(error).includes('canary'));
    const [mine] = safe;
    assert.ok(mine);
    assertCode(
      await rejection(
        clientOf([new Response(body, { status: 401 })], { safe: [{ ...mine, status: 401 }] }).client.send(
          GET,
        ),
      ),
      'admin-credential-rejected',
      'No more than 17 keys',
    );
    const about = async (status: number) =>
      (
        await clientOf([new Response(body, { status })], { safe: [{ ...mine, status }] }).client.send({
          ...GET,
          accept: [400],
        })
      ).about;
    assert.match(await about(400), /answered 400 \(No more than 17 keys\) to GET \/v1\/things$/);
    assert.match(await about(200), /answered 200 to GET \/v1\/things$/);
    const named = await rejection(sending(new Response('by canary', { status: 403 })));
    assertCode(named, 'admin-credential-rejected', 'a person may not');
    assert.ok(!everythingIn(named).includes('canary'));
    assertCode(
      await rejection(sending(new Response(body, { status: 422 }))),
      'issuer-refused',
      '422 to GET /v1/things.',
    );
    assertCode(
      await rejection(sending(new Response(`${' '.repeat(5_000)}${body}`, { status: 400 }))),
      'issuer-refused',
      '400 to GET /v1/things.',
    );
  });
});

describe('httpClient, trying again', () => {
  it('repeats GET and DELETE after resets and 5xx with growing waits, four times in all', async () => {
    for (const method of ['GET', 'DELETE', 'PUT'] as const)
      for (const step of [status(503), connectionReset('x')]) {
        const { client, sent, slept } = clientOf([step]);
        assertCode(await rejection(client.send({ method, path: '/x' })), 'issuer-unreachable');
        assert.equal(sent.length, 4);
        assert.deepEqual(slept, [500, 1_000, 2_000]);
      }
  });

  it('succeeds when a later try does', async () => {
    const { client } = clientOf([status(500), connectionReset('x'), ok({ fine: true })]);
    assert.deepEqual((await client.send(GET)).json(z.object({ fine: z.boolean() })), { fine: true });
  });

  it('never repeats what may have made something', async () => {
    for (const method of ['POST', 'PATCH'] as const)
      for (const step of [status(500), status(503, { 'retry-after': '1' }), connectionReset('x')]) {
        const { client, sent } = clientOf([step]);
        assertCode(await rejection(client.send({ ...POST, method })), 'issuer-unreachable');
        assert.equal(sent.length, 1);
      }
  });

  it('repeats a POST that its caller calls repeatable', async () => {
    const { client, sent } = clientOf([status(500), ok()]);
    await client.send({ ...POST, repeatable: true });
    assert.equal(sent.length, 2);
  });

  it('repeats no refusal', async () => {
    for (const code of [400, 401, 403, 404, 409, 422]) {
      const { client, sent } = clientOf([status(code)]);
      await rejection(client.send(GET));
      assert.equal(sent.length, 1);
    }
  });

  it('repeats even a POST after 429, and sends its body again', async () => {
    const { client, sent, slept } = clientOf([status(429, { 'retry-after': '7' }), ok()]);
    await client.send(POST);
    assert.deepEqual(slept, [7 * SECOND]);
    assert.deepEqual(
      sent.map(({ text }) => text.includes('{"name":"n"}')),
      [true, true],
    );
  });

  it('sends once what ends something, whatever comes back', async () => {
    for (const method of ['DELETE', 'POST', 'PUT'] as const)
      for (const step of [
        status(500),
        status(503, { 'retry-after': '1' }),
        status(429, { 'retry-after': '1' }),
        connectionReset('x'),
      ]) {
        const { client, sent, slept } = clientOf([step, ok()]);
        await rejection(client.send({ method, path: '/x', ends: true, repeatable: true }));
        assert.deepEqual([sent.length, slept], [1, []]);
      }
  });

  it('gives up on 429 after four tries', async () => {
    const { client, sent } = clientOf([status(429)]);
    assertCode(await rejection(client.send(POST)), 'issuer-throttled');
    assert.equal(sent.length, 4);
  });

  it('does not wait longer than a function can', async () => {
    for (const [seconds, waits] of [
      [3_600, []],
      [31, []],
      [30, [30_000, 30_000, 30_000]],
    ] as const) {
      const { client, slept } = clientOf([status(429, { 'retry-after': String(seconds) })]);
      assertCode(await rejection(client.send(GET)), 'issuer-throttled');
      assert.deepEqual(slept, waits);
    }
  });

  it('knows throttling by the dialect', async () => {
    const dialect = {
      isThrottled: (code: number, headers: Headers) => code === 403 && headers.get('x-quota') === '0',
      retryAfter: () => 2 * SECOND,
    };
    const { client, slept } = clientOf([status(403, { 'x-quota': '0' })], { dialect });
    assertCode(await rejection(client.send(GET)), 'issuer-throttled');
    assert.deepEqual(slept, [2_000, 2_000, 2_000]);
    assertCode(
      await rejection(clientOf([status(403)], { dialect }).client.send(GET)),
      'admin-credential-rejected',
    );
  });
});

describe('dialects', () => {
  const read = (headers: Record<string, string>, dialect = STANDARD_DIALECT) =>
    dialect.retryAfter(new Headers(headers), START);

  it('reads Retry-After in seconds and as a date', () => {
    assert.equal(read({ 'retry-after': '30' }), 30 * SECOND);
    assert.equal(read({ 'retry-after': '0' }), 0);
    assert.equal(read({ 'retry-after': 'Mon, 02 Mar 2026 10:01:00 GMT' }), MINUTE);
    assert.equal(read({ 'retry-after': 'Mon, 02 Mar 2026 09:00:00 GMT' }), 0);
    assert.equal(read({ 'retry-after': 'soon' }), undefined);
    assert.equal(read({}), undefined);
  });

  it('reads the second of the epoch where Retry-After is missing', () => {
    const dialect = epochDialect('x-reset');
    assert.equal(read({ 'x-reset': String(START / SECOND + 9) }, dialect), 9 * SECOND);
    assert.equal(read({ 'x-reset': String(START / SECOND - 9) }, dialect), 0);
    assert.equal(read({ 'x-reset': '12' }, dialect), undefined);
    assert.equal(read({ 'x-reset': String(START / SECOND + 9), 'retry-after': '3' }, dialect), 3 * SECOND);
  });

  it('reads the seconds that are left where Retry-After is missing', () => {
    const dialect = secondsDialect('x-reset');
    assert.equal(read({ 'x-reset': '9' }, dialect), 9 * SECOND);
    assert.equal(read({ 'x-reset': '0' }, dialect), 0);
    assert.equal(read({ 'x-reset': 'soon' }, dialect), undefined);
    assert.equal(read({ 'x-reset': '9', 'retry-after': '3' }, dialect), 3 * SECOND);
    assert.equal(dialect.isThrottled(429, new Headers(), ''), true);
    assert.equal(dialect.isThrottled(403, new Headers(), ''), false);
  });
});

describe('helpers', () => {
  it('encodes what is put into a path', () => {
    assert.equal(pathOf`/a/${'../b c'}/d/${7}`, '/a/..%2Fb%20c/d/7');
    assert.equal(pathOf`/plain`, '/plain');
  });
});
