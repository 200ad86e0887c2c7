import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { RedisSocket } from './redis-socket.ts';

/** The header by which the host knows which thread sent a request, and which of its requests it is. */
export const THREAD_HEADER = 'x-keyturn-thread';

/** Takes the header's value apart. */
export function readThreadHeader(value: string): { id: string; number: number } {
  const at = value.lastIndexOf('#');
  return { id: value.slice(0, Math.max(0, at)), number: Number(value.slice(at + 1)) };
}
/** Below it the endpoint serves the issuers: the next part of the path is the issuer's host. */
export const ISSUER_PATH = '/_keyturn/issuers/';

export interface RequestRules {
  readonly threadId: string;
  readonly endpoint: URL;
  readonly hosts: readonly string[];
  /** Called when a request is sent or over. */
  readonly changed: () => void;
}

/** Counts what a thread sends, and lets nothing out but to the sandbox. */
export class Requests {
  readonly #open = new Set<number>();
  #last = 0;
  readonly #rules: RequestRules;

  constructor(rules: RequestRules) {
    this.#rules = rules;
  }

  /** Numbers of the requests that are under way. */
  open(): number[] {
    return [...this.#open];
  }

  /**
   * Puts itself in the place of `fetch` and of the functions of node:http and node:https, and of connections
   * by TLS, which functions open to a Redis alone.
   */
  install(): void {
    const { request } = http;
    const send = (...args: Parameters<typeof request>): http.ClientRequest => {
      this.#admit(targetOf(args));
      const made = request(...args);
      const { header, over } = this.#begin();
      made.setHeader(THREAD_HEADER, header);
      made.once('close', over);
      return made;
    };
    const get = (...args: Parameters<typeof request>): http.ClientRequest => {
      const made = send(...args);
      made.end();
      return made;
    };
    const refuse = (...args: Parameters<typeof request>): never => {
      throw this.#refusal(targetOf(args));
    };
    Object.assign(http, { request: send, get });
    Object.assign(https, { request: refuse, get: refuse });
    const realFetch = globalThis.fetch;
    globalThis.fetch = (input, init) => this.#fetch(new Request(input, init), realFetch);
    const connect = (...args: readonly unknown[]): RedisSocket =>
      new RedisSocket(`https://${targetOf(args)}/`, (request) => this.#fetch(request, realFetch));
    Object.assign(tls, { connect });
  }

  /** The whole answer is read before it is handed on, so that nothing of it is under way unseen. */
  async #fetch(request: Request, send: typeof fetch): Promise<Response> {
    const inside = this.#inside(new URL(request.url));
    const { header, over } = this.#begin();
    try {
      const headers = new Headers(request.headers);
      headers.set(THREAD_HEADER, header);
      const { method, redirect, signal } = request;
      const body = request.body === null ? {} : { body: await request.arrayBuffer() };
      const answer = await send(inside, { method, headers, redirect, signal, ...body });
      const bytes = await answer.arrayBuffer();
      return new Response(bytes.byteLength === 0 ? null : bytes, {
        status: answer.status,
        statusText: answer.statusText,
        headers: answer.headers,
      });
    } finally {
      over();
    }
  }

  /** Where the sandbox serves an outside address. */
  #inside(url: URL): URL {
    if (url.protocol === 'https:' && this.#rules.hosts.includes(url.host))
      return new URL(`${ISSUER_PATH}${url.host}${url.pathname}${url.search}`, this.#rules.endpoint);
    if (url.origin === this.#rules.endpoint.origin) return url;
    throw this.#refusal(url.host);
  }

  #admit(host: string): void {
    if (host !== this.#rules.endpoint.host) throw this.#refusal(host);
  }

  #refusal(host: string): Error {
    const known = ['the AWS of the sandbox', ...this.#rules.hosts].join(', ');
    return Object.assign(
      new Error(`A function in the sandbox reached for ${host}: it can reach ${known} and nothing else.`),
      { code: 'ESANDBOX' },
    );
  }

  #begin(): { header: string; over: () => void } {
    const number = ++this.#last;
    this.#open.add(number);
    this.#rules.changed();
    const over = (): void => {
      this.#open.delete(number);
      this.#rules.changed();
    };
    return { header: `${this.#rules.threadId}#${number}`, over };
  }
}

/** Host and port that a request of node:http goes to. */
function targetOf(args: readonly unknown[]): string {
  const [first, second] = args;
  const base = typeof first === 'string' || first instanceof URL ? new URL(first) : undefined;
  const options = base ? second : first;
  const field = (name: string): string | undefined => {
    const value: unknown =
      typeof options === 'object' && options !== null ? Reflect.get(options, name) : undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const host = field('hostname') ?? field('host') ?? base?.hostname ?? 'localhost';
  const port = field('port') ?? base?.port ?? '';
  return port === '' ? host : `${host}:${port}`;
}
