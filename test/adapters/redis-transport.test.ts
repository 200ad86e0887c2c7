import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import { redisTransport } from '../../functions/adapters/redis-transport.ts';
import { rejection } from '../contracts/world.ts';

/** A connection to a server that answers each piece with the next of these texts. */
class Line extends Duplex {
  readonly heard: string[] = [];
  readonly #answers: (string | Error | undefined)[];

  constructor(answers: readonly (string | Error | undefined)[]) {
    super();
    this.#answers = [...answers];
  }

  override _read(): void {}

  override _write(piece: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.heard.push(String(piece));
    const answer = this.#answers.shift();
    if (answer instanceof Error) return done(answer);
    if (answer !== undefined) this.push(answer);
    done();
  }
}

const LOGIN = '*3\r\n$4\r\nAUTH\r\n$4\r\nuser\r\n$6\r\np:wört\r\n'.replace('$6', '$7');
const PING = '*1\r\n$4\r\nPING\r\n';

function requestOf(commands: unknown, signal?: AbortSignal): Request {
  return new Request('https://redis.example:6380/users/user', {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('user:p:wört').toString('base64')}` },
    body: JSON.stringify(commands),
    ...(signal && { signal }),
  });
}

interface Asked {
  readonly line: Line;
  readonly at: unknown[];
  readonly send: (request: Request) => Promise<Response>;
}

function asking(...answers: readonly (string | Error | undefined)[]): Asked {
  const line = new Line(answers);
  const at: unknown[] = [];
  const send = redisTransport((host, port) => {
    at.push(host, port);
    return line;
  });
  return { line, at, send };
}

describe('redis transport', () => {
  it('logs in first, then sends all commands in one piece, and closes the connection', async () => {
    const { line, at, send } = asking('+OK\r\n', '+PONG\r\n$1\r\na\r\n');
    const answer = await send(requestOf([['PING'], ['PING']]));
    assert.deepEqual(line.heard, [LOGIN, PING + PING]);
    assert.deepEqual(at, ['redis.example', 6380]);
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { replies: ['PONG', 'a'] });
    assert.ok(line.destroyed);
  });

  it('sends nothing more where the password is all that is asked about', async () => {
    const { line, send } = asking('+OK\r\n');
    assert.deepEqual(await (await send(requestOf([]))).json(), { replies: [] });
    assert.deepEqual(line.heard, [LOGIN]);
    assert.ok(line.destroyed);
  });

  it('sends no command where the password is refused: nobody else carries it out', async () => {
    const { line, send } = asking('-WRONGPASS no\r\n', '+OK\r\n');
    const answer = await send(requestOf([['PING']]));
    assert.equal(answer.status, 401);
    assert.deepEqual(await answer.json(), { replies: [{ error: 'WRONGPASS no' }] });
    assert.deepEqual(line.heard, [LOGIN]);
  });

  for (const [error, status] of [
    ['NOAUTH Authentication required.', 401],
    ['NOPERM this user may not', 403],
    ['LOADING Redis is loading the dataset in memory', 503],
    ['BUSY Redis is busy', 503],
    ['ERR max number of clients reached', 503],
    ['ERR WRONGPASS', 400],
    ['WRONGPASSES', 400],
    ['ERR nothing', 400],
  ] as const) {
    it(`answers ${status} for ${error}, before and after the login`, async () => {
      const before = asking(`-${error}\r\n`);
      assert.equal((await before.send(requestOf([['PING']]))).status, status);
      const after = asking('+OK\r\n', `+PONG\r\n-${error}\r\n`);
      const answer = await after.send(requestOf([['PING'], ['PING']]));
      assert.equal(answer.status, status);
      assert.deepEqual(await answer.json(), { replies: ['PONG', { error }] });
    });
  }

  it('takes anything but OK to a login for no answer', async () => {
    for (const answer of ['+PONG\r\n', '$-1\r\n', '*0\r\n', ':1\r\n']) {
      const { line, send } = asking(answer, '+PONG\r\n');
      assert.equal(codeOf(await rejection(send(requestOf([['PING']])))), 'EPROTO');
      assert.deepEqual(line.heard, [LOGIN]);
    }
  });

  it('fails as fetch does, sends nothing again, and leaves no connection', async () => {
    const reset = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    for (const [answers, code] of [
      [[reset], 'ECONNREFUSED'],
      [['+OK\r\n', reset], 'ECONNREFUSED'],
      [['HTTP/1.1 400 Bad Request\r\n'], 'EPROTO'],
      [['+OK\r\n+OK\r\n', '+PONG\r\n'], 'EPROTO'],
    ] as const) {
      const { line, at, send } = asking(...answers);
      assert.equal(codeOf(await rejection(send(requestOf([['PING']])))), code);
      assert.ok(line.destroyed);
      assert.equal(at.length, 2);
    }
  });

  it('does not wait for a connection that was closed', async () => {
    const { line, send } = asking('+OK\r\n');
    const failure = rejection(send(requestOf([['PING']])));
    setImmediate(() => line.destroy());
    assert.equal(codeOf(await failure), 'ECONNRESET');
    const other = asking('+OK\r\n');
    const ended = rejection(other.send(requestOf([['PING']])));
    setImmediate(() => other.line.push(null));
    assert.equal(codeOf(await ended), 'ECONNRESET');
  });

  it('gives up when the time of the request is over', async () => {
    for (const signal of [AbortSignal.timeout(20), AbortSignal.abort(new DOMException('', 'TimeoutError'))]) {
      const { line, send } = asking();
      const failure = await rejection(send(requestOf([], signal)));
      assert.ok(failure instanceof Error);
      assert.equal(failure.name, 'TimeoutError');
      assert.ok(line.destroyed);
    }
  });

  it('opens no connection for what holds no commands', async () => {
    for (const body of [{}, [[]], [[7]], ['PING'], null]) {
      const { at, send } = asking('+OK\r\n');
      assert.ok((await rejection(send(requestOf(body)))) instanceof TypeError);
      assert.deepEqual(at, []);
    }
  });

  it('knows an address in brackets, and the port that URLs leave out', async () => {
    const { at, send } = asking('+OK\r\n');
    await send(new Request('https://[fd12::1]/', { method: 'POST', body: '[]' }));
    assert.deepEqual(at, ['fd12::1', 443]);
  });
});

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}
