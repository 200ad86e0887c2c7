/**
 * Carries a provider's requests to Redis. A request has a user with a password (Basic), and as its body a
 * JSON array of commands; what it answers are their replies as JSON. Its path only tells people what it is
 * about. `@redis/client` was measured and left out: it adds 416 kB to the bundle, connects anew by itself,
 * and sends commands of its own.
 */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectByTls } from 'node:tls';
import { boundedText } from '../core/basics/bounded-body.ts';
import { parseJson } from '../core/basics/json.ts';
import { encoded, RespError, RespReader, type Command, type Reply } from './resp.ts';

/** More than any list of commands takes. */
const MOST_BYTES = 64 * 1024;

/** Opens a connection that is safe from listeners. */
export type Connect = (host: string, port: number) => Duplex;

/** TLS, with the certificate of this very host. */
const byTls: Connect = (host, port) =>
  connectByTls({ host, port, ...(isIP(host) === 0 && { servername: host }) });

/**
 * Sends what a request holds once: one connection, which is closed afterwards. Commands follow when the
 * password was accepted, so that none is carried out as somebody else; and they follow in one piece, so that
 * Redis has all of them or none. The status stands for the first error: 401 for the password, 403 for what
 * the user may not do, 503 for a server that is not ready, else 400. Errors: as those of `fetch`.
 */
export function redisTransport(connect: Connect = byTls): (request: Request) => Promise<Response> {
  return async (request) => {
    const { hostname, port } = new URL(request.url);
    const login = loginOf(request);
    const commands = commandsIn(await boundedText(request, MOST_BYTES));
    const socket = connect(hostname.replace(/^\[|\]$/g, ''), port === '' ? 443 : Number(port));
    const conversation = new Conversation(socket, request.signal);
    try {
      const [greeting = null] = await conversation.ask([login]);
      if (isError(greeting)) return answered(statusOf(greeting.error), [greeting]);
      if (greeting !== 'OK') throw new RespError('Redis does not say that it took the password.');
      return answerTo(commands.length === 0 ? [] : await conversation.ask(commands));
    } finally {
      conversation.end();
    }
  };
}

function loginOf(request: Request): Command {
  const header = request.headers.get('authorization') ?? '';
  const [user = '', ...password] = Buffer.from(header.replace(/^Basic /, ''), 'base64')
    .toString('utf8')
    .split(':');
  return ['AUTH', user, password.join(':')];
}

function commandsIn(body: string): readonly Command[] {
  const found = parseJson(body);
  if (Array.isArray(found) && found.every(isCommand)) return found;
  throw new TypeError('A request to Redis holds a list of commands.');
}

function isCommand(found: unknown): found is Command {
  return Array.isArray(found) && found.length > 0 && found.every((part) => typeof part === 'string');
}

function isError(reply: Reply): reply is { readonly error: string } {
  return typeof reply === 'object' && reply !== null && 'error' in reply;
}

function answerTo(replies: readonly Reply[]): Response {
  const failure = replies.find(isError);
  return answered(failure ? statusOf(failure.error) : 200, replies);
}

function answered(status: number, replies: readonly Reply[]): Response {
  return Response.json({ replies }, { status });
}

/** Errors of a server that starts, saves, or lost what it copies. Source: redis/redis, src/server.c. */
const NOT_READY = /^(?:LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|UNBLOCKED)\b|max number of clients/;

function statusOf(error: string): number {
  if (NOT_READY.test(error)) return 503;
  if (/^(?:WRONGPASS|NOAUTH)\b/.test(error)) return 401;
  return /^NOPERM\b/.test(error) ? 403 : 400;
}

/** Questions and answers on one connection. */
class Conversation {
  readonly #socket: Duplex;
  readonly #reader = new RespReader();
  readonly #signal: AbortSignal;
  #waiting: { left: number; replies: Reply[]; resolve(replies: Reply[]): void } | undefined;
  readonly #failed: Promise<never>;
  #fail: (error: unknown) => void = () => undefined;

  constructor(socket: Duplex, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
    this.#failed = new Promise((_, reject) => (this.#fail = reject));
    // Whoever asks hears of it; nobody may be asking yet.
    this.#failed.catch(() => undefined);
    socket.on('data', (piece: Uint8Array) => this.#take(piece));
    socket.on('error', this.#fail);
    socket.on('end', () => this.#fail(closed()));
    socket.on('close', () => this.#fail(closed()));
    if (signal.aborted) this.#abort();
    else signal.addEventListener('abort', this.#abort);
  }

  /** As many replies as commands, in their order. */
  ask(commands: readonly Command[]): Promise<Reply[]> {
    const replies = new Promise<Reply[]>((resolve) => {
      this.#waiting = { left: commands.length, replies: [], resolve };
    });
    this.#socket.write(encoded(commands));
    return Promise.race([this.#failed, replies]);
  }

  end(): void {
    this.#signal.removeEventListener('abort', this.#abort);
    this.#socket.destroy();
  }

  readonly #abort = (): void => {
    this.#fail(this.#signal.reason);
    this.#socket.destroy();
  };

  #take(piece: Uint8Array): void {
    try {
      for (const reply of this.#reader.push(piece)) this.#heard(reply);
    } catch (error) {
      this.#fail(error);
    }
  }

  #heard(reply: Reply): void {
    const waiting = this.#waiting;
    if (!waiting) throw new RespError('Redis answers what it was not asked.');
    waiting.replies.push(reply);
    if (waiting.replies.length < waiting.left) return;
    this.#waiting = undefined;
    waiting.resolve(waiting.replies);
  }
}

/** What `fetch` says of a connection that ends too early. */
function closed(): Error {
  return Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' });
}
