/**
 * A real Verdaccio as an issuer of the sandbox: notes what was minted and used, on the clock of the
 * sandbox.
 */
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { consumeRequest } from './npm-registry-answers.ts';
import { userNameFor } from './npm-registry-users.ts';
import { VerdaccioServer, passwordOf, type VerdaccioOptions } from './verdaccio-server.ts';
import type { IssuedCredential, Issuer, IssuerLogEntry } from './simulator.ts';

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
 * A real Verdaccio in this process, reached under an https name that exists nowhere else.
 * All requests pass through `fetch`, which notes what was minted and who used it: the server keeps masks
 * only.
 * It shows the dates of tokens on the clock of the sandbox, since the server runs on the real one.
 * The ends of JWTs stay real: they are signed.
 */
export class VerdaccioIssuer implements Issuer {
  readonly provider = 'npm-registry';
  readonly host: string;
  readonly #clock: Clock;
  readonly #server: VerdaccioServer;
  readonly #known: Known[] = [];
  readonly #log: IssuerLogEntry[] = [];

  private constructor(server: VerdaccioServer, { clock, host = 'npm.keyturn.test' }: VerdaccioOptions) {
    this.host = host;
    this.#clock = clock;
    this.#server = server;
  }

  static async start(options: VerdaccioOptions): Promise<VerdaccioIssuer> {
    const server = await VerdaccioServer.start(options);
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

  async createByHand(secretName: string): Promise<string> {
    const user = this.#userFor(secretName);
    const response = await this.#asUser(user, 'POST', TOKENS, {
      password: passwordOf(user),
      readonly: false,
      cidr_whitelist: [],
    });
    return JSON.stringify({ token: Minted.parse(await response.json()).token });
  }

  async revokeByHand(handle: string): Promise<void> {
    const known = this.#known.find((token) => this.#handleOf(token) === handle);
    if (known) await this.#asUser(known.user, 'DELETE', `${TOKENS}/token/${known.key}`);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #userFor(secretName: string): string {
    const user = userNameFor(secretName);
    this.#server.addUser(user);
    return user;
  }

  #handleOf({ user, key }: Known): string {
    return `${this.host}/-/user/${user}/tokens/${key}`;
  }

  async #forward(request: Request): Promise<Response> {
    const response = await this.#server.send(request);
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
}
