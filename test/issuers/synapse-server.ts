import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as z from 'zod';
import { freePort } from './local.ts';

/** A real Synapse on this machine: one for a whole run. */
export interface Server {
  readonly port: number;
  /** The access token of a server admin. */
  readonly admin: string;
  readonly process: ChildProcess;
  /** Its own version. */
  readonly version: string;
}

/** The name in user ids. */
export const SERVER_NAME = 'keyturn.test';

const STARTS_WITHIN = 120_000;

/** Starts the program `synapse_homeserver`. The folder is its own. */
export async function startServer(program: string, folder: string): Promise<Server> {
  const port = await freePort();
  const shared = randomBytes(16).toString('hex');
  const config = join(folder, 'homeserver.yaml');
  writeFileSync(config, configOf(folder, shared, port));
  await promisify(execFile)(program, ['--config-path', config, '--generate-keys'], { cwd: folder });
  const child = spawn(program, ['--config-path', config], { cwd: folder, stdio: 'ignore' });
  const until = Date.now() + STARTS_WITHIN;
  while (Date.now() < until && child.exitCode === null) {
    const isUp = await fetch(`http://127.0.0.1:${port}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isUp) {
      const admin = await adminOf(port, shared);
      return { port, admin, process: child, version: await versionOf(port, admin) };
    }
    await pause(250);
  }
  child.kill();
  throw new Error('Synapse did not start.');
}

export async function stopServer({ process: child }: Server): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

/** Source: element-hq/synapse, docs/admin_api/register_api.md. */
async function adminOf(port: number, shared: string): Promise<string> {
  const url = `http://127.0.0.1:${port}/_synapse/admin/v1/register`;
  const { nonce } = z.object({ nonce: z.string() }).parse(await (await fetch(url)).json());
  const [username, password] = ['keyturn', randomBytes(16).toString('hex')];
  const mac = createHmac('sha1', shared)
    .update([nonce, username, password, 'admin'].join('\0'))
    .digest('hex');
  const body = JSON.stringify({ nonce, username, password, admin: true, mac });
  const made = await (await fetch(url, { method: 'POST', body })).json();
  return z.object({ access_token: z.string() }).parse(made).access_token;
}

async function versionOf(port: number, admin: string): Promise<string> {
  const url = `http://127.0.0.1:${port}/_synapse/admin/v1/server_version`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${admin}` } });
  return z.object({ server_version: z.string() }).parse(await answer.json()).server_version;
}

/** JSON is YAML too. Passwords are hashed in few rounds, and every test logs in as often as it likes. */
function configOf(folder: string, shared: string, port: number): string {
  const often = { per_second: 1_000, burst_count: 1_000 };
  return JSON.stringify({
    server_name: SERVER_NAME,
    listeners: [
      {
        port,
        bind_addresses: ['127.0.0.1'],
        type: 'http',
        tls: false,
        resources: [{ names: ['client', 'health'] }],
      },
    ],
    database: { name: 'sqlite3', args: { database: join(folder, 'homeserver.db') } },
    media_store_path: join(folder, 'media'),
    signing_key_path: join(folder, 'signing.key'),
    registration_shared_secret: shared,
    macaroon_secret_key: randomBytes(16).toString('hex'),
    form_secret: randomBytes(16).toString('hex'),
    report_stats: false,
    trusted_key_servers: [],
    bcrypt_rounds: 4,
    rc_login: { address: often, account: often, failed_attempts: often },
  });
}
