import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { test } from 'node:test';
import { MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import type { Issuer } from '../../../lib/sandbox/issuers/simulator.ts';
import { START, tinySandbox } from './tiny.ts';

/** An issuer that answers as it is told and knows no credentials. */
function issuerAt(host: string, answer: (request: Request) => Promise<Response>): Issuer {
  return {
    provider: 'echo',
    host,
    adminSecret: (names) => JSON.stringify({ names }),
    fetch: answer,
    consume: () => new Request(`https://${host}/`),
    credentials: () => Promise.resolve([]),
    log: () => [],
    createByHand: () => Promise.resolve(''),
    revokeByHand: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

test("a function's fetch reaches an issuer under its https name", async (t) => {
  const echo = issuerAt('echo.keyturn.test', async (request) =>
    Response.json(
      {
        url: request.url,
        method: request.method,
        key: request.headers.get('private-token'),
        agent: request.headers.get('user-agent'),
        thread: request.headers.get('x-keyturn-thread'),
        text: await request.text(),
      },
      { status: 201, headers: { 'ratelimit-remaining': '7' } },
    ),
  );
  const body = `
    const headers = { 'private-token': 'k', 'user-agent': 'me' };
    const signal = AbortSignal.timeout(10_000);
    const init = { method: 'POST', headers, body: 'hello', signal };
    const answer = await fetch(new Request('https://echo.keyturn.test/a%2Fb?c=d', init));
    const left = answer.headers.get('ratelimit-remaining');
    return { status: answer.status, left, ...(await answer.json()) };`;
  const sandbox = await tinySandbox(t, { caller: { body } }, { with: [echo] });
  assert.deepEqual(await sandbox.invoke('caller', {}), {
    payload: {
      status: 201,
      left: '7',
      url: 'https://echo.keyturn.test/a%2Fb?c=d',
      method: 'POST',
      key: 'k',
      agent: 'me',
      thread: null,
      text: 'hello',
    },
  });
});

test('statuses without a body and redirects come through as they are', async (t) => {
  const issuer = issuerAt('echo.keyturn.test', async (request) =>
    request.method === 'DELETE'
      ? new Response(null, { status: 204 })
      : new Response('gone', { status: 302, headers: { location: 'https://elsewhere.example' } }),
  );
  const body =
    `return [(await fetch('https://echo.keyturn.test/x', { method: 'DELETE' })).status, (await ` +
    `fetch('https://echo.keyturn.test/', { redirect: 'manual' })).status];`;
  const sandbox = await tinySandbox(t, { caller: { body } }, { with: [issuer] });
  assert.deepEqual(await sandbox.invoke('caller', {}), { payload: [204, 302] });
});

test('nothing else is reached, by no way out', async (t) => {
  const visits: string[] = [];
  const outside = createServer((request, response) => {
    visits.push(request.url ?? '');
    response.end();
  });
  outside.listen(0, '127.0.0.1');
  await once(outside, 'listening');
  t.after(() => outside.close());
  const address = outside.address();
  const url = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const head = `import http, { request, get } from 'node:http'; import https from 'node:https';`;
  const body = `
    const ways = [
      () => fetch('http://${url}/fetch'),
      () => fetch('https://example.com/'),
      () => request('http://${url}/named'),
      () => get(new URL('http://${url}/get')),
      () => http.request({ hostname: '127.0.0.1', port: ${url.split(':')[1]} }),
      () => https.request('https://example.com/'),
      () => https.get({ host: 'example.com' }),
    ];
    const said = [];
    for (const way of ways) try { await way(); said.push('out'); } catch (error) { said.push(error.code); }
    try { await fetch('https://example.com/'); } catch (error) { said.push(error.message); }
    return said;`;
  const sandbox = await tinySandbox(t, { caller: { head, body } });
  const sentence =
    'A function in the sandbox reached for example.com: it can reach the AWS of the sandbox, ' +
    'events.pagerduty.test and nothing else.';
  assert.deepEqual(await sandbox.invoke('caller', {}), {
    payload: [...Array.from({ length: 7 }, () => 'ESANDBOX'), sentence],
  });
  assert.deepEqual(visits, []);
});

test('time stands still while a request is answered, however long that takes', async (t) => {
  const slow = issuerAt('slow.keyturn.test', async () => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    return new Response('ok');
  });
  const body = `
    setTimeout(() => undefined, 1_000);
    const answer = await fetch('https://slow.keyturn.test/', { signal: AbortSignal.timeout(5_000) });
    return { now: Date.now(), text: await answer.text() };`;
  const sandbox = await tinySandbox(t, { caller: { body } }, { with: [slow] });
  const answer = sandbox.invoke('caller', {});
  await sandbox.advance(MINUTE);
  assert.deepEqual(await answer, { payload: { now: START, text: 'ok' } });
});

test('an issuer that hangs in virtual time runs into the time-out of the caller', async (t) => {
  const clock: { sleep?: (length: number) => Promise<void> } = {};
  const hanging = issuerAt('hanging.keyturn.test', async () => {
    await clock.sleep?.(30 * SECOND);
    return new Response('late');
  });
  const body = `
    const signal = AbortSignal.timeout(10_000);
    try { await fetch('https://hanging.keyturn.test/', { signal }); return 'answered'; }
    catch (error) { return { name: error.name, now: Date.now() }; }`;
  const sandbox = await tinySandbox(t, { caller: { body, timeout: 60 } }, { with: [hanging] });
  clock.sleep = (length) => sandbox.clock.sleep(length);
  const answer = sandbox.invoke('caller', {});
  await sandbox.advance(MINUTE);
  assert.deepEqual(await answer, { payload: { name: 'TimeoutError', now: START + 10 * SECOND } });
});

test('a function calls AWS with the SDK as its role, and is denied what the role may not do', async (t) => {
  const head =
    `import { createRequire } from 'node:module'; const require = ` +
    `createRequire('${import.meta.dirname}/x.js'); const { SecretsManagerClient, DescribeSecretCommand, ` +
    `GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager');`;
  const body = `
    const client = new SecretsManagerClient({ maxAttempts: 1 });
    const seen = await client.send(new DescribeSecretCommand({ SecretId: 'app/token' }));
    const read = new GetSecretValueCommand({ SecretId: 'app/token' });
    const denied = await client.send(read).catch((error) => error.name);
    return { name: seen.Name, denied, now: Date.now() };`;
  const Policy = {
    Type: 'AWS::IAM::Policy',
    Properties: {
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'secretsmanager:DescribeSecret', Resource: '*' }],
      },
    },
  };
  const sandbox = await tinySandbox(t, { reader: { head, body } }, { resources: { Policy } });
  await sandbox.aws.call({
    service: 'secretsmanager',
    operation: 'CreateSecret',
    input: { Name: 'app/token', SecretString: 'x', ClientRequestToken: 'f'.repeat(32) },
    principal: { kind: 'root' },
  });
  const answer = sandbox.invoke('reader', {});
  await sandbox.advance(MINUTE);
  assert.deepEqual(await answer, {
    payload: { name: 'app/token', denied: 'AccessDeniedException', now: START },
  });
});

test("a function's connection to a Redis reaches the simulator, and nothing outside", async (t) => {
  const texts: string[] = [];
  const redis = issuerAt('redis.keyturn.test:6379', async (request) => {
    texts.push(`${request.headers.get('authorization')} ${await request.text()}`);
    return Response.json({ replies: texts.length === 1 ? [] : ['OK', ['é', null], 7, { error: 'ERR no' }] });
  });
  const body = `
    const { connect } = await import('node:tls');
    const said = (host, pieces) => new Promise((resolve) => {
      const socket = connect({ host, port: 6379 });
      let text = '';
      socket.on('error', ({ code }) => resolve(code));
      socket.on('data', (data) => {
        text += data;
        if (pieces.length > 0) socket.write(pieces.shift());
        else { socket.destroy(); resolve(text); }
      });
      socket.write(pieces.shift());
    });
    const login = '*3\\r\\n$4\\r\\nAUTH\\r\\n$1\\r\\nu\\r\\n$2\\r\\né\\r\\n';
    const ping = '*1\\r\\n$4\\r\\nPING\\r\\n';
    const inside = await said('redis.keyturn.test', [login, ping + ping]);
    return { inside, outside: await said('redis.example.com', [login]) };`;
  const sandbox = await tinySandbox(t, { caller: { body } }, { with: [redis] });
  assert.deepEqual(await sandbox.invoke('caller', {}), {
    payload: {
      inside: '+OK\r\n$2\r\nOK\r\n*2\r\n$2\r\né\r\n$-1\r\n:7\r\n-ERR no\r\n',
      outside: 'ESANDBOX',
    },
  });
  const login = `Basic ${Buffer.from('u:é').toString('base64')}`;
  assert.deepEqual(texts, [`${login} []`, `${login} [["PING"],["PING"]]`]);
});
