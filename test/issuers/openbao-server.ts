import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { freePort } from './local.ts';

/** A real OpenBao on this machine, in memory: one for a whole run. */
export interface Bao {
  readonly port: number;
  /** The root token. */
  readonly root: string;
  readonly version: string;
  readonly process: ChildProcess;
}

const STARTS_WITHIN = 60_000;

const Initialized = z.object({ keys: z.array(z.string()).length(1), root_token: z.string() });
const Unsealed = z.object({ sealed: z.literal(false), version: z.string() });

/** Starts the program `bao`. The folder is its own. */
export async function startBao(program: string, folder: string): Promise<Bao> {
  const [port, cluster] = [await freePort(), await freePort()];
  const config = join(folder, 'bao.hcl');
  writeFileSync(config, configOf(port, cluster));
  const child = spawn(program, ['server', `-config=${config}`], { cwd: folder, stdio: 'ignore' });
  const until = Date.now() + STARTS_WITHIN;
  while (Date.now() < until && child.exitCode === null) {
    const isUp = await fetch(`http://127.0.0.1:${port}/v1/sys/init`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isUp) return { port, process: child, ...(await opened(port)) };
    await pause(250);
  }
  child.kill();
  throw new Error('OpenBao did not start.');
}

/** One key opens it. */
async function opened(port: number): Promise<Pick<Bao, 'root' | 'version'>> {
  const put = async (path: string, json: object): Promise<unknown> =>
    (
      await fetch(`http://127.0.0.1:${port}/v1/sys/${path}`, { method: 'PUT', body: JSON.stringify(json) })
    ).json();
  const made = Initialized.parse(await put('init', { secret_shares: 1, secret_threshold: 1 }));
  const { version } = Unsealed.parse(await put('unseal', { key: made.keys[0] }));
  const root = made.root_token;
  await asRoot({ port, root }, 'POST', 'sys/auth/approle', { type: 'approle' });
  return { root, version };
}

export async function stopBao({ process: child }: Bao): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

/** Error: any answer but a success. */
export async function asRoot(
  { port, root }: Pick<Bao, 'port' | 'root'>,
  method: string,
  path: string,
  json?: object,
): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/${path}`, {
    method,
    headers: { 'x-vault-token': root },
    ...(json && { body: JSON.stringify(json) }),
  });
  if (!answer.ok) throw new Error(`OpenBao answered ${answer.status} to ${method} ${path}.`);
  return answer.status === 204 ? undefined : answer.json();
}

/** A new name for what one test makes. */
export function ownName(): string {
  return `u${randomBytes(4).toString('hex')}`;
}

/** A mount lets secret IDs live no longer than its longest lease. */
function configOf(port: number, cluster: number): string {
  return [
    'storage "inmem" {}',
    'listener "tcp" {',
    `  address = "127.0.0.1:${port}"`,
    `  cluster_address = "127.0.0.1:${cluster}"`,
    '  tls_disable = true',
    '}',
    'disable_mlock = true',
    'max_lease_ttl = "2160h"',
    '',
  ].join('\n');
}
