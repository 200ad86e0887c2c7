import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { CliError } from '../../../lib/cli/command-line/exit.ts';
import { sandboxControl } from '../../../lib/cli/sandbox/control.ts';
import { T0 } from '../../fakes/tokens.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';

const STATE = { now: '2026-01-06T09:00:00Z', installation: 'sandbox', runs: 3 };

type Answering = (request: IncomingMessage, response: ServerResponse) => unknown;

/** The endpoint of a server that answers so until the test is over. */
async function served(t: TestContext, answer: Answering): Promise<string> {
  const server = createServer((...exchange) => void answer(...exchange)).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return `http://127.0.0.1:${address.port}`;
}

describe('the control of a sandbox', () => {
  it('speaks its paths', async (t) => {
    const seen: string[] = [];
    const endpoint = await served(t, async (request, response) => {
      seen.push(`${request.method} ${request.url} ${await text(request)}`);
      response.end(JSON.stringify(STATE));
    });
    const control = sandboxControl(endpoint);
    assert.deepEqual(await control.state(), { now: T0 + DAY, installation: 'sandbox' });
    await control.advance(36 * HOUR);
    await control.grant('okta', ['x']);
    await control.fault('gitlab', 'none');
    assert.deepEqual(seen, [
      'GET /_keyturn/state ',
      'POST /_keyturn/advance {"by":"36h"}',
      'POST /_keyturn/grant {"issuer":"okta","secrets":["x"]}',
      'POST /_keyturn/fault {"issuer":"gitlab","kind":"none"}',
    ]);
  });

  it('explains a sandbox that is gone', async (t) => {
    const broken = await served(t, (request) => request.socket.destroy());
    for (const endpoint of [broken, 'http://127.0.0.1:1'])
      await assert.rejects(
        sandboxControl(endpoint).state(),
        (error) => error instanceof CliError && /does not answer: start it/.test(error.message),
      );
  });

  it('explains one that says no, that breaks off, or that says what it cannot mean', async (t) => {
    const answers: readonly (readonly [status: number, answer: (response: ServerResponse) => void])[] = [
      [404, (response) => void response.writeHead(404).end(JSON.stringify(STATE))],
      [200, (response) => void response.end('{"now":')],
      [200, (response) => void response.end(JSON.stringify({ ...STATE, more: 'x'.repeat(1024 * 1024) }))],
      [
        200,
        (response) => {
          response.writeHead(200, { 'content-length': '1000' }).write(JSON.stringify(STATE));
          setImmediate(() => response.destroy());
        },
      ],
    ];
    for (const [status, answer] of answers) {
      const endpoint = await served(t, (_request, response) => answer(response));
      await assert.rejects(
        sandboxControl(endpoint).advance(DAY),
        new RegExp(`did not do what was asked \\(status ${status}\\)`),
      );
    }
  });
});
