import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { freePort } from './local.ts';

/** A real Keycloak on this machine: one for a whole run, since it takes a minute to start. */
export interface Server {
  readonly port: number;
  readonly process: ChildProcess;
  /** Its own version. */
  readonly version: string;
  /** Asks the Admin API as the administrator of the whole server. Error: where it refuses. */
  asAdmin(method: string, path: string, json?: unknown): Promise<unknown>;
}

const ADMIN = 'keyturn-test';
const STARTS_WITHIN = 300_000;
/** Access tokens of the realm `master` live for a minute. */
const TOKEN_LIVES = 30_000;

/** Starts the program `kc.sh` with a database in memory. */
export async function startServer(program: string): Promise<Server> {
  const secret = randomBytes(16).toString('hex');
  const port = await freePort();
  const child = spawn(
    program,
    [
      'start-dev',
      '--db=dev-mem',
      '--http-host=127.0.0.1',
      `--http-port=${port}`,
      '--features=client-secret-rotation',
    ],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        KC_BOOTSTRAP_ADMIN_CLIENT_ID: ADMIN,
        KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: secret,
        JAVA_OPTS_APPEND: '-Xmx512m',
      },
      // The program starts another one, and both are to end.
      detached: true,
    },
  );
  const asAdmin = administrator(port, secret);
  const until = Date.now() + STARTS_WITHIN;
  while (Date.now() < until && child.exitCode === null) {
    const info = await asAdmin('GET', '/admin/serverinfo').catch(() => undefined);
    if (info !== undefined) return { port, process: child, version: versionIn(info), asAdmin };
    await pause(500);
  }
  end(child);
  throw new Error('Keycloak did not start.');
}

export async function stopServer({ process: child }: Server): Promise<void> {
  if (child.exitCode !== null) return;
  end(child);
  await once(child, 'exit');
}

function end({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid);
}

function versionIn(info: unknown): string {
  return z.object({ systemInfo: z.object({ version: z.string() }) }).parse(info).systemInfo.version;
}

const Login = z.object({ access_token: z.string() });

function administrator(port: number, secret: string): Server['asAdmin'] {
  const origin = `http://127.0.0.1:${port}`;
  let kept: { readonly token: string; readonly until: number } | undefined;
  async function token(): Promise<string> {
    if (kept && Date.now() < kept.until) return kept.token;
    const form = { grant_type: 'client_credentials', client_id: ADMIN, client_secret: secret };
    const body = new URLSearchParams(form);
    const answer = await fetch(`${origin}/realms/master/protocol/openid-connect/token`, {
      method: 'POST',
      body,
    });
    const { access_token: made } = Login.parse(await answer.json());
    kept = { token: made, until: Date.now() + TOKEN_LIVES };
    return made;
  }
  return async (method, path, json) => {
    const headers = { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' };
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    const answer = await fetch(origin + path, { method, headers, ...body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Keycloak answered ${answer.status} to ${method} ${path}: ${text}`);
    return text === '' ? {} : JSON.parse(text);
  };
}
