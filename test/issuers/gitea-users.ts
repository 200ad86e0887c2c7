import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { isoSeconds } from '../../lib/sandbox/issuers/forms.ts';
import type { Clock } from '../../lib/sandbox/clock.ts';
import type { IssuedCredential, Issuer, IssuerLogEntry } from '../../lib/sandbox/issuers/simulator.ts';
import { ADMIN, type Server } from './gitea-server.ts';
import { forwarded } from './local.ts';

const Made = z.looseObject({ id: z.int(), name: z.string(), sha1: z.string() });
const Listed = z.array(z.looseObject({ id: z.int(), created_at: z.string(), last_used_at: z.string() }));

interface Known {
  readonly user: string;
  readonly id: number;
  readonly value: string;
  readonly name: string;
  readonly createdAt: number;
  usedAt: number | undefined;
}

/**
 * Users of their own at a running Gitea. The dates of their tokens are shown on the given clock, since Gitea
 * runs on the real one.
 */
export class UsersIssuer implements Issuer {
  readonly provider = 'gitea';
  readonly host = 'git.keyturn.test';
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #prefix = `u${randomBytes(4).toString('hex')}`;
  readonly #password = randomBytes(16).toString('hex');
  readonly #users: string[] = [];
  readonly #made = new Set<string>();
  readonly #known: Known[] = [];
  readonly #log: IssuerLogEntry[] = [];

  constructor(server: Server, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => {
      const user = this.#userFor(secret);
      // Every second user's tokens may read who they are.
      const own = this.#users.indexOf(user) % 2 === 1 ? ['read:user'] : [];
      return { secret, user, password: this.#password, scopes: ['read:repository', ...own] };
    });
    return JSON.stringify({ url: `https://${this.host}`, grants });
  }

  async fetch(request: Request): Promise<Response> {
    await this.#makeUsers();
    this.#noteUse(request);
    const answer = await forwarded(request, this.#server.port);
    const user = /^\/api\/v1\/users\/([^/]+)\/tokens$/.exec(new URL(request.url).pathname)?.[1];
    if (!answer.ok || user === undefined) return answer;
    const body: unknown = await answer.json();
    if (request.method === 'POST') this.#note(user, Made.parse(body));
    const shown = request.method === 'POST' ? body : Listed.parse(body).map((one) => this.#dated(one));
    return Response.json(shown, { status: answer.status });
  }

  consume(secretText: string, agent: string): Request {
    const { token } = z.object({ token: z.string() }).parse(JSON.parse(secretText));
    return new Request(`https://${this.host}/api/v1/user/repos`, {
      headers: { authorization: `token ${token}`, 'user-agent': agent },
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const user = this.#userFor(secretName);
    const listed = Listed.parse(await (await this.#asUser(user, 'GET', 'tokens')).json());
    return this.#known
      .filter((one) => one.user === user)
      .map((one) => ({
        handle: `${this.host}/users/${user}/${one.id}`,
        value: one.value,
        name: one.name,
        createdAt: one.createdAt,
        live: listed.some(({ id }) => id === one.id),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const json = { name: `made by hand ${this.#known.length}`, scopes: ['read:repository'] };
    const answer = await this.#asUser(this.#userFor(secretName), 'POST', 'tokens', json);
    return JSON.stringify({ token: Made.parse(await answer.json()).sha1 });
  }

  async revokeByHand(handle: string): Promise<void> {
    const [, user = '', id = ''] = /\/users\/([^/]+)\/(\d+)$/.exec(handle) ?? [];
    await this.#asUser(user, 'DELETE', `tokens/${id}`);
  }

  async close(): Promise<void> {}

  #userFor(secretName: string): string {
    const user = `${this.#prefix}-${secretName}`.toLowerCase().replace(/[^a-z0-9]/g, '-');
    if (!this.#users.includes(user)) this.#users.push(user);
    return user;
  }

  #note(user: string, { id, name, sha1: value }: z.infer<typeof Made>): void {
    this.#known.push({ user, id, name, value, createdAt: this.#clock.now(), usedAt: undefined });
  }

  #noteUse(request: Request): void {
    const value = /^token (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
    const used = this.#known.find((one) => one.value === value);
    if (used) used.usedAt = this.#clock.now();
  }

  /** Gitea tells no use within the second in which a token was made; the virtual clock may be further. */
  #dated(listed: z.infer<typeof Listed>[number]): object {
    const known = this.#known.find(({ id }) => id === listed.id);
    if (!known) return listed;
    const { createdAt, usedAt = createdAt } = known;
    return { ...listed, created_at: isoSeconds(createdAt), last_used_at: isoSeconds(usedAt) };
  }

  #asUser(user: string, method: string, path: string, json?: unknown): Promise<Response> {
    return this.#as([user, this.#password], method, `/users/${user}/${path}`, json);
  }

  #as(login: readonly [string, string], method: string, path: string, json?: unknown): Promise<Response> {
    return this.fetch(
      new Request(`https://${this.host}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Basic ${Buffer.from(login.join(':')).toString('base64')}`,
          'content-type': 'application/json',
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
    );
  }

  async #makeUsers(): Promise<void> {
    for (const username of this.#users) {
      if (this.#made.has(username)) continue;
      this.#made.add(username);
      const answer = await this.#as([ADMIN, this.#server.password], 'POST', '/admin/users', {
        username,
        email: `${username}@keyturn.test`,
        password: this.#password,
        must_change_password: false,
      });
      if (!answer.ok) throw new Error(`Gitea answered ${answer.status} to a new user.`);
    }
  }
}
