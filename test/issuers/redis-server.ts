import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectByTls } from 'node:tls';
import { promisify } from 'node:util';
import { redisTransport, type Connect } from '../../functions/adapters/redis-transport.ts';
import type { Clock } from '../../lib/sandbox/clock.ts';
import { AclUsers, hashed, markOf } from '../../lib/sandbox/issuers/redis-users.ts';
import type { IssuedCredential, Issuer, IssuerLogEntry } from '../../lib/sandbox/issuers/simulator.ts';
import * as z from 'zod';
import { freePort } from './local.ts';

/** A real Redis on this machine, with TLS. */
export interface Server {
  readonly program: string;
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  readonly process: ChildProcess;
}

export const HOST = 'redis.keyturn.test';
export const ADMIN = 'keyturn';
const STARTS_WITHIN = 30_000;

/** Starts the program `redis-server` with an ACL file, or without. The folder is its own. */
export async function startServer(
  program: string,
  folder: string,
  { hasAclFile = true }: { hasAclFile?: boolean } = {},
): Promise<Server> {
  const password = randomBytes(16).toString('hex');
  const options = 'req -x509 -newkey rsa:2048 -nodes -days 2 -keyout key.pem -out cert.pem'.split(' ');
  await promisify(execFile)(
    'openssl',
    [...options, '-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`],
    { cwd: folder },
  );
  const rights = '-@all +acl|getuser +acl|setuser +acl|save +config|get';
  const users = `user default off\nuser ${ADMIN} on >${password} ${rights}\n`;
  writeFileSync(join(folder, 'users.acl'), users);
  const port = await freePort();
  writeFileSync(
    join(folder, 'redis.conf'),
    [
      'port 0',
      `tls-port ${port}`,
      'bind 127.0.0.1',
      'tls-cert-file cert.pem',
      'tls-key-file key.pem',
      'tls-auth-clients no',
      'save ""',
      'appendonly no',
      ...(hasAclFile ? ['aclfile users.acl'] : [users]),
      '',
    ].join('\n'),
  );
  return started({ program, folder, port, password });
}

async function started(of: Omit<Server, 'process'>): Promise<Server> {
  const child = spawn(of.program, ['redis.conf'], { cwd: of.folder, stdio: 'ignore' });
  const server = { ...of, process: child };
  const until = Date.now() + STARTS_WITHIN;
  while (Date.now() < until && child.exitCode === null) {
    const answer = await asAdmin(server, []).catch(() => undefined);
    if (answer?.ok) return server;
    await pause(50);
  }
  child.kill();
  throw new Error('Redis did not start.');
}

/** Stops it and starts it anew, with what it kept. */
export async function restarted(server: Server): Promise<Server> {
  await stopServer(server);
  const { program, folder, port, password } = server;
  return started({ program, folder, port, password });
}

export async function stopServer({ process: child }: Server): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

/** TLS to this server under its name, with its certificate alone. */
export function connectTo({ folder, port }: Pick<Server, 'folder' | 'port'>): Connect {
  return (host) =>
    connectByTls({
      host: '127.0.0.1',
      port,
      servername: host,
      ca: readFileSync(join(folder, 'cert.pem')),
    });
}

/** Commands of a user, by the transport itself. */
export function asked(
  server: Server,
  [name, password]: readonly [string, string],
  commands: readonly (readonly string[])[],
): Promise<Response> {
  return redisTransport(connectTo(server))(
    new Request(`https://${HOST}:6379/`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` },
      body: JSON.stringify(commands),
    }),
  );
}

export function asAdmin(server: Server, commands: readonly (readonly string[])[]): Promise<Response> {
  return asked(server, [ADMIN, server.password], commands);
}

const Shown = z.object({ replies: z.array(z.array(z.unknown())) });
const Stored = z.object({ username: z.string(), password: z.string() });

/** Users of their own at a running Redis. What passes by tells which passwords they had. */
export class AclIssuer implements Issuer {
  readonly provider = 'redis';
  readonly host = `${HOST}:6379`;
  readonly #server: Server;
  readonly #prefix = `u${randomBytes(4).toString('hex')}`;
  readonly #made = new Set<string>();
  readonly #seen: AclUsers;
  readonly #log: IssuerLogEntry[] = [];

  constructor(server: Server, clock: Clock) {
    this.#server = server;
    this.#seen = new AclUsers(() => clock.now());
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, user: this.userFor(secret) }));
    return JSON.stringify({
      url: `rediss://${this.host}`,
      username: ADMIN,
      password: this.#server.password,
      grants,
    });
  }

  async fetch(request: Request): Promise<Response> {
    await this.#makeUsers();
    const [user = '', password = ''] = Buffer.from(
      (request.headers.get('authorization') ?? '').replace(/^Basic /, ''),
      'base64',
    )
      .toString()
      .split(':');
    this.#seen.tried(user, password);
    for (const [, name = '', hash = ''] of (await request.clone().text()).matchAll(
      /"SETUSER","([^"]+)","#([0-9a-f]{64})"/g,
    ))
      this.#seen.add(name, hash);
    return redisTransport(connectTo(this.#server))(request);
  }

  consume(secretText: string, agent: string): Request {
    const { username, password } = Stored.parse(JSON.parse(secretText));
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return new Request(`https://${this.host}/auth`, {
      method: 'POST',
      headers: { authorization, 'user-agent': agent },
      body: JSON.stringify([['PING']]),
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const user = this.userFor(secretName);
    await this.#makeUsers();
    const [reply = []] = Shown.parse(
      await (await asAdmin(this.#server, [['ACL', 'GETUSER', user]])).json(),
    ).replies;
    const live = z.array(z.string()).parse(reply[reply.indexOf('passwords') + 1]);
    return this.#seen.of(user).map((one) => ({
      handle: `${this.host}/users/${user}/passwords/${markOf(one)}`,
      value: this.#seen.valueOf(one) ?? `unknown-${markOf(one)}`,
      name: undefined,
      createdAt: one.createdAt,
      live: live.includes(one.hash),
    }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const username = this.userFor(secretName);
    const password = randomBytes(16).toString('hex');
    await this.#makeUsers();
    this.#seen.addPassword(username, password);
    await asAdmin(this.#server, [['ACL', 'SETUSER', username, `>${password}`]]);
    return JSON.stringify({ username, password });
  }

  async revokeByHand(handle: string): Promise<void> {
    for (const one of this.#seen.all())
      if (handle.endsWith(`/users/${one.user}/passwords/${markOf(one)}`))
        await asAdmin(this.#server, [['ACL', 'SETUSER', one.user, `!${one.hash}`]]);
  }

  async close(): Promise<void> {}

  /** The user of a secret. */
  userFor(secretName: string): string {
    const name = `${this.#prefix}-${hashed(secretName).slice(0, 8)}`;
    this.#seen.account(name);
    return name;
  }

  async #makeUsers(): Promise<void> {
    for (const name of this.#seen.names()) {
      if (this.#made.has(name)) continue;
      this.#made.add(name);
      await asAdmin(this.#server, [['ACL', 'SETUSER', name, 'on', '-@all', '+ping']]);
    }
  }
}
