import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { Clock } from '../../lib/sandbox/clock.ts';
import { Users, hashed, markOf } from '../../lib/sandbox/issuers/rabbitmq-users.ts';
import type { IssuedCredential, Issuer, IssuerLogEntry } from '../../lib/sandbox/issuers/simulator.ts';
import { forwarded, freePort } from './local.ts';

/** A real RabbitMQ on this machine: one for a whole run, since it takes seconds to start. */
export interface Server {
  readonly port: number;
  readonly password: string;
  readonly process: ChildProcess;
  /** Its own version. */
  readonly version: string;
}

const ADMIN = 'keyturn';
const STARTS_WITHIN = 120_000;
const TAGS = ['management'];

/** Starts the program `rabbitmq-server` with its management plugin. The folder is its own. */
export async function startServer(program: string, folder: string): Promise<Server> {
  const password = randomBytes(16).toString('hex');
  const [port, amqp, names, distribution] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  writeFileSync(
    join(folder, 'rabbitmq.conf'),
    [
      `listeners.tcp.1 = 127.0.0.1:${amqp}`,
      'management.tcp.ip = 127.0.0.1',
      `management.tcp.port = ${port}`,
      `default_user = ${ADMIN}`,
      `default_pass = ${password}`,
      '',
    ].join('\n'),
  );
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management].\n');
  const child = spawn(program, {
    cwd: folder,
    stdio: 'ignore',
    env: {
      ...process.env,
      HOME: folder,
      RABBITMQ_NODENAME: `keyturn-${port}@localhost`,
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_DIST_PORT: String(distribution),
      ERL_EPMD_PORT: String(names),
      ERL_EPMD_ADDRESS: '127.0.0.1',
    },
  });
  const headers = { authorization: basic(ADMIN, password) };
  const until = Date.now() + STARTS_WITHIN;
  while (Date.now() < until && child.exitCode === null) {
    const text = await fetch(`http://127.0.0.1:${port}/api/overview`, { headers }).then(
      (answer) => (answer.ok ? answer.text() : undefined),
      () => undefined,
    );
    if (text !== undefined) return { port, password, process: child, version: versionIn(text) };
    await pause(250);
  }
  child.kill();
  throw new Error('RabbitMQ did not start.');
}

export async function stopServer({ process: child }: Server): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

function versionIn(text: string): string {
  return z.object({ rabbitmq_version: z.string() }).parse(JSON.parse(text)).rabbitmq_version;
}

function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

const Put = z.looseObject({ password_hash: z.string() });
const Shown = z.array(z.looseObject({ name: z.string(), password_hash: z.string() }));
const Stored = z.object({ username: z.string(), password: z.string() });

/** Users of their own at a running broker. What passes by tells which passwords they had. */
export class BrokerIssuer implements Issuer {
  readonly provider = 'rabbitmq';
  readonly host = 'rabbitmq.keyturn.test';
  readonly #server: Server;
  readonly #prefix = `u${randomBytes(4).toString('hex')}`;
  readonly #seen: Users;
  readonly #log: IssuerLogEntry[] = [];

  constructor(server: Server, clock: Clock) {
    this.#server = server;
    this.#seen = new Users(() => clock.now());
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({
      secret,
      users: this.#namesFor(secret),
      tags: TAGS,
      permissions: [{ vhost: '/', configure: '^$', write: '.*', read: '.*' }],
    }));
    return JSON.stringify({
      url: `https://${this.host}`,
      username: ADMIN,
      password: this.#server.password,
      grants,
    });
  }

  async fetch(request: Request): Promise<Response> {
    const name = /^\/api\/users\/([^/]+)$/.exec(new URL(request.url).pathname)?.[1];
    const put = request.method === 'PUT' && name !== undefined ? await request.clone().text() : undefined;
    const [user = '', ...password] = Buffer.from(
      (request.headers.get('authorization') ?? '').replace(/^Basic /, ''),
      'base64',
    )
      .toString()
      .split(':');
    this.#seen.tried(user, password.join(':'));
    const answer = await forwarded(request, this.#server.port);
    const made = put === undefined || !answer.ok ? undefined : Put.safeParse(JSON.parse(put)).data;
    if (name !== undefined && made) this.#seen.put(name, made.password_hash, TAGS);
    return answer;
  }

  consume(secretText: string, agent: string): Request {
    const { username, password } = Stored.parse(JSON.parse(secretText));
    return new Request(`https://${this.host}/api/whoami`, {
      headers: { authorization: basic(username, password), 'user-agent': agent },
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const shown = Shown.parse(await (await this.#asAdmin('GET', '/users')).json());
    return this.#namesFor(secretName)
      .flatMap((name) => this.#seen.of(name))
      .map((one) => ({
        handle: `${this.host}/users/${one.name}@${markOf(one)}`,
        value: this.#seen.valueOf(one) ?? '',
        name: undefined,
        createdAt: one.createdAt,
        live: shown.some((user) => user.name === one.name && user.password_hash === one.hash),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const names = this.#namesFor(secretName);
    const shown = Shown.parse(await (await this.#asAdmin('GET', '/users')).json());
    const username = names.find((name) => !shown.some((user) => user.name === name)) ?? names[0] ?? '';
    const password = randomBytes(16).toString('hex');
    const hash = hashed(password, randomBytes(4));
    await this.#asAdmin('PUT', `/users/${username}`, { password_hash: hash, tags: TAGS.join(',') });
    this.#seen.tried(username, password);
    return JSON.stringify({ username, password });
  }

  async revokeByHand(handle: string): Promise<void> {
    const name = /\/users\/([^@]+)@/.exec(handle)?.[1];
    await this.#asAdmin('DELETE', `/users/${name}`);
  }

  async close(): Promise<void> {}

  #namesFor(secretName: string): readonly string[] {
    const start = `${this.#prefix}-${secretName}`.toLowerCase().replace(/[^a-z0-9]/g, '-');
    return [`${start}-a`, `${start}-b`];
  }

  #asAdmin(method: string, path: string, json?: unknown): Promise<Response> {
    return this.fetch(
      new Request(`https://${this.host}/api${path}`, {
        method,
        headers: {
          authorization: basic(ADMIN, this.#server.password),
          'content-type': 'application/json',
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
    );
  }
}
