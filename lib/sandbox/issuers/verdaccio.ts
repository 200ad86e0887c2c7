import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Server } from 'node:http';
import { join } from 'node:path';
import { runServer } from 'verdaccio';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { consumeRequest, userNameFor } from './npm-registry.ts';
import type { IssuedCredential, Issuer, IssuerLogEntry } from './simulator.ts';

export interface VerdaccioOptions {
  readonly clock: Clock;
  /** An empty folder for its users, tokens and packages. */
  readonly folder: string;
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Sign tokens as JWTs that live as long as this says, such as `29d`; by default they are encrypted and do not expire. */
  readonly jwtLifetime?: string;
}

interface Known {
  readonly user: string;
  readonly key: string;
  readonly value: string;
  readonly createdAt: number;
}

const TOKENS = '/-/npm/v1/tokens';
const Minted = z.looseObject({ user: z.string(), key: z.string(), token: z.string(), created: z.string() });
const Listed = z.looseObject({ objects: z.array(z.looseObject({ key: z.string() })) });

/**
 * A real Verdaccio in this process, reached under an https name that exists nowhere else. All requests pass through `fetch`,
 * which notes what was minted and who used it, since the server keeps masks only, and shows the dates of tokens on the sandbox's
 * clock, since the server runs on the real one. The ends of JWTs stay real: they are signed.
 */
export class VerdaccioIssuer implements Issuer {
  readonly provider = 'npm-registry';
  readonly host: string;
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #users = new Set<string>();
  readonly #known: Known[] = [];
  readonly #log: IssuerLogEntry[] = [];
  readonly #made = new Set<string>();
  #making: Promise<void> = Promise.resolve();

  private constructor(server: Server, { clock, host = 'npm.keyturn.test' }: VerdaccioOptions) {
    this.host = host;
    this.#clock = clock;
    this.#server = server;
  }

  static async start(options: VerdaccioOptions): Promise<VerdaccioIssuer> {
    const server: unknown = await runServer(configOf(options));
    if (!(server instanceof Server)) throw new TypeError('Verdaccio did not make a server.');
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    return new VerdaccioIssuer(server, options);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({
      secret,
      user: this.#userFor(secret),
      password: passwordOf(userNameFor(secret)),
    }));
    return JSON.stringify({ url: `https://${this.host}`, grants });
  }

  async fetch(request: Request): Promise<Response> {
    const response = await this.#forward(request);
    const value = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
    const known = this.#known.find((token) => token.value === value);
    const operation = `${request.method} ${new URL(request.url).pathname}`;
    this.#log.push({
      at: this.#clock.now(),
      operation,
      status: response.status,
      handle: known && this.#handleOf(known),
      agent: request.headers.get('user-agent') ?? '',
    });
    return response;
  }

  consume(secretText: string, agent: string): Request {
    return consumeRequest(this.host, secretText, agent);
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const user = this.#userFor(secretName);
    const { objects } = Listed.parse(await (await this.#asUser(user, 'GET', TOKENS)).json());
    return this.#known
      .filter((token) => token.user === user)
      .map((token) => ({
        handle: this.#handleOf(token),
        value: token.value,
        name: undefined,
        createdAt: token.createdAt,
        live: objects.some(({ key }) => key === token.key),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async mintByHand(secretName: string): Promise<string> {
    const user = this.#userFor(secretName);
    const response = await this.#asUser(user, 'POST', TOKENS, {
      password: passwordOf(user),
      readonly: false,
      cidr_whitelist: [],
    });
    return JSON.stringify({ token: Minted.parse(await response.json()).token });
  }

  async killByHand(handle: string): Promise<void> {
    const known = this.#known.find((token) => this.#handleOf(token) === handle);
    if (known) await this.#asUser(known.user, 'DELETE', `${TOKENS}/token/${known.key}`);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #userFor(secretName: string): string {
    const user = userNameFor(secretName);
    this.#users.add(user);
    return user;
  }

  #handleOf({ user, key }: Known): string {
    return `${this.host}/-/user/${user}/tokens/${key}`;
  }

  async #forward(request: Request): Promise<Response> {
    await this.#makeUsers();
    const response = await this.#send(request);
    if (!response.ok || new URL(request.url).pathname !== TOKENS) return response;
    return Response.json(
      request.method === 'POST' ? this.#minted(await response.json()) : this.#listed(await response.json()),
    );
  }

  #minted(body: unknown): unknown {
    const token = Minted.parse(body);
    const createdAt = this.#clock.now();
    this.#known.push({ user: token.user, key: token.key, value: token.token, createdAt });
    return { ...token, created: new Date(createdAt).toISOString() };
  }

  #listed(body: unknown): unknown {
    const { objects, ...rest } = Listed.parse(body);
    const dated = objects.map((token) => {
      const known = this.#known.find(({ key }) => key === token.key);
      return known ? { ...token, created: new Date(known.createdAt).toISOString() } : token;
    });
    return { ...rest, objects: dated };
  }

  async #send(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const body = request.method === 'GET' ? undefined : await request.text();
    const headers = new Headers(request.headers);
    headers.delete('host');
    return fetch(this.#local(url.pathname + url.search), {
      method: request.method,
      headers,
      redirect: 'manual',
      signal: request.signal,
      ...(body && { body }),
    });
  }

  #asUser(user: string, method: string, path: string, json?: unknown): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`${user}:${passwordOf(user)}`).toString('base64')}`;
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    return this.#forward(
      new Request(`https://${this.host}${path}`, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...body,
      }),
    );
  }

  /** One after the other: Verdaccio refuses some of those that are made at once. */
  #makeUsers(): Promise<void> {
    this.#making = this.#making.then(async () => {
      for (const user of this.#users) if (!this.#made.has(user)) await this.#makeUser(user);
    });
    return this.#making;
  }

  async #makeUser(name: string): Promise<void> {
    const body = JSON.stringify({ name, password: passwordOf(name) });
    const response = await fetch(this.#local(`/-/user/org.couchdb.user:${name}`), {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body,
    });
    // 409: the folder knows the user from an earlier run.
    if (!response.ok && response.status !== 409)
      throw new Error(`Verdaccio answered ${response.status} to a new user.`);
    this.#made.add(name);
  }

  #local(path: string): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new TypeError('Verdaccio does not listen.');
    return `http://127.0.0.1:${address.port}${path}`;
  }
}

function passwordOf(user: string): string {
  return createHash('sha256').update(`password/${user}`).digest('hex').slice(0, 24);
}

/** Offline: without uplinks nothing is fetched from elsewhere. Limits are wide: years pass in the sandbox within minutes. */
function configOf({ folder, jwtLifetime }: VerdaccioOptions): Parameters<typeof runServer>[0] {
  return {
    self_path: join(folder, 'config.yaml'),
    storage: join(folder, 'storage'),
    uplinks: {},
    auth: { htpasswd: { file: join(folder, 'htpasswd'), rounds: 4 } },
    packages: { '**': { access: '$authenticated', publish: '$authenticated' } },
    userRateLimit: { windowMs: 1000, max: 1_000_000 },
    web: { enable: false },
    log: { type: 'stdout', format: 'json', level: 'fatal' },
    // Said in full: Verdaccio keeps these settings for the whole process, so that the last server started decides for all.
    security: {
      api: { legacy: true, jwt: jwtLifetime === undefined ? null : { sign: { expiresIn: jwtLifetime } } },
    },
  };
}
