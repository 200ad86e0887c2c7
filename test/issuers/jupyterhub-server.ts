import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { Clock } from '../../lib/sandbox/clock.ts';
import type { IssuedCredential, Issuer, IssuerLogEntry } from '../../lib/sandbox/issuers/simulator.ts';
import { forwarded, freePort } from './local.ts';

/** A real JupyterHub on this machine: one for a whole run, since it takes seconds to start. */
export interface Hub {
  readonly port: number;
  readonly admin: string;
  readonly process: ChildProcess;
}

const STARTS_WITHIN = 120_000;

/** Starts the program `jupyterhub`, with `configurable-http-proxy` on the path. The folder is its own. */
export async function startHub(program: string, folder: string): Promise<Hub> {
  const admin = randomBytes(16).toString('hex');
  const [port, hub, proxy] = [await freePort(), await freePort(), await freePort()];
  writeFileSync(join(folder, 'config.py'), configOf(folder, admin, { port, hub, proxy }));
  const child = spawn(program, ['-f', join(folder, 'config.py')], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, CONFIGPROXY_AUTH_TOKEN: admin },
  });
  const until = Date.now() + STARTS_WITHIN;
  while (Date.now() < until && child.exitCode === null) {
    const isUp = await fetch(`http://127.0.0.1:${port}/hub/api/`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isUp) return { port, admin, process: child };
    await pause(250);
  }
  child.kill();
  throw new Error('JupyterHub did not start.');
}

export async function stopHub({ process: child }: Hub): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

const Made = z.looseObject({
  user: z.string(),
  id: z.string(),
  token: z.string(),
  note: z.string(),
  created: z.string(),
  expires_at: z.string().nullable(),
});
const Listed = z.looseObject({
  api_tokens: z.array(z.looseObject({ id: z.string(), created: z.string() })),
});

interface Known {
  readonly user: string;
  readonly id: string;
  readonly value: string;
  readonly name: string;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  /** The hub's own time of creation: with the id it names the token, since the hub gives ids out again. */
  readonly stamp: string;
}

/**
 * Users of their own at a running hub. The dates of their tokens are shown on the given clock, since the hub
 * runs on the real one.
 */
export class HubIssuer implements Issuer {
  readonly provider = 'jupyterhub';
  readonly host = 'hub.keyturn.test';
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #prefix = `u${randomBytes(4).toString('hex')}`;
  readonly #users = new Set<string>();
  readonly #made = new Set<string>();
  readonly #known: Known[] = [];
  readonly #log: IssuerLogEntry[] = [];

  constructor(hub: Hub, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({
      secret,
      user: this.#userFor(secret),
      scopes: ['read:users:name!user'],
      maxDays: 60,
    }));
    return JSON.stringify({ url: `https://${this.host}`, token: this.#hub.admin, grants });
  }

  async fetch(request: Request): Promise<Response> {
    await this.#makeUsers();
    const answer = await this.#send(request);
    const isTokens = answer.ok && new URL(request.url).pathname.endsWith('/tokens');
    if (!isTokens) return answer;
    const body: unknown = await answer.json();
    const shown = request.method === 'POST' ? this.#minted(body) : this.#listed(body);
    return Response.json(shown, { status: answer.status });
  }

  consume(secretText: string, agent: string): Request {
    const { token } = z.object({ token: z.string() }).parse(JSON.parse(secretText));
    return new Request(`https://${this.host}/hub/api/user`, {
      headers: { authorization: `token ${token}`, 'user-agent': agent },
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const user = this.#userFor(secretName);
    const answer = await this.#asAdmin('GET', `/users/${user}/tokens`);
    const { api_tokens: listed } = Listed.parse(await answer.json());
    return this.#known
      .filter((token) => token.user === user)
      .map((token) => ({
        handle: this.#handleOf(token),
        value: token.value,
        name: token.name,
        createdAt: token.createdAt,
        live: listed.some(({ id, created }) => id === token.id && Date.parse(created) === token.createdAt),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const json = { note: 'by hand', scopes: ['read:users:name!user'] };
    const answer = await this.#asAdmin('POST', `/users/${this.#userFor(secretName)}/tokens`, json);
    return JSON.stringify({ token: Made.parse(await answer.json()).token });
  }

  async revokeByHand(handle: string): Promise<void> {
    const known = this.#known.find((token) => this.#handleOf(token) === handle);
    if (known) await this.#asAdmin('DELETE', `/users/${known.user}/tokens/${known.id}`);
  }

  async close(): Promise<void> {}

  #userFor(secretName: string): string {
    const user = `${this.#prefix}-${secretName}`.toLowerCase().replace(/[^a-z0-9]/g, '-');
    this.#users.add(user);
    return user;
  }

  #handleOf({ user, id, createdAt }: Known): string {
    return `${this.host}/users/${user}/${id}@${createdAt}`;
  }

  #minted(body: unknown): unknown {
    const token = Made.parse(body);
    const now = this.#clock.now();
    const life =
      token.expires_at === null ? undefined : Date.parse(token.expires_at) - Date.parse(token.created);
    const known: Known = {
      user: token.user,
      id: token.id,
      value: token.token,
      name: token.note,
      // No two at one instant: the virtual clock stands still while tokens are made.
      createdAt: now + this.#known.length,
      expiresAt: life === undefined ? undefined : now + Math.round(life / 1_000) * 1_000,
      stamp: token.created,
    };
    this.#known.push(known);
    return { ...token, ...datesOf(known) };
  }

  #listed(body: unknown): unknown {
    const { api_tokens: listed } = Listed.parse(body);
    return {
      api_tokens: listed.map((token) => {
        const known = this.#known.find(({ id, stamp }) => id === token.id && stamp === token.created);
        return known ? { ...token, ...datesOf(known) } : token;
      }),
    };
  }

  #send(request: Request): Promise<Response> {
    return forwarded(request, this.#hub.port);
  }

  #asAdmin(method: string, path: string, json?: unknown): Promise<Response> {
    return this.fetch(
      new Request(`https://${this.host}/hub/api${path}`, {
        method,
        headers: { authorization: `token ${this.#hub.admin}`, 'content-type': 'application/json' },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
    );
  }

  async #makeUsers(): Promise<void> {
    for (const user of this.#users) {
      if (this.#made.has(user)) continue;
      this.#made.add(user);
      const headers = { authorization: `token ${this.#hub.admin}` };
      await fetch(`http://127.0.0.1:${this.#hub.port}/hub/api/users/${user}`, { method: 'POST', headers });
    }
  }
}

function datesOf({ createdAt, expiresAt }: Known): Record<string, string | null> {
  return {
    created: new Date(createdAt).toISOString(),
    expires_at: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
  };
}

type Ports = Readonly<Record<'port' | 'hub' | 'proxy', number>>;

/** The least that the admin needs is `tokens`; `admin:users` is for the test, which makes its users. */
function configOf(folder: string, admin: string, { port, hub, proxy }: Ports): string {
  return [
    `c.JupyterHub.bind_url = 'http://127.0.0.1:${port}'`,
    `c.JupyterHub.hub_bind_url = 'http://127.0.0.1:${hub}'`,
    `c.ConfigurableHTTPProxy.api_url = 'http://127.0.0.1:${proxy}'`,
    `c.JupyterHub.db_url = 'sqlite:///${folder}/hub.sqlite'`,
    `c.JupyterHub.cookie_secret_file = '${folder}/cookie'`,
    `c.JupyterHub.authenticator_class = 'dummy'`,
    'c.Authenticator.allow_all = True',
    `c.JupyterHub.services = [{'name': 'keyturn', 'api_token': '${admin}'}]`,
    `c.JupyterHub.load_roles = [{'name': 'keyturn-role', 'scopes': ['admin:users', 'tokens'], ` +
      `'services': ['keyturn']}]`,
    '',
  ].join('\n');
}
