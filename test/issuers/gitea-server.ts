import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as z from 'zod';
import { freePort } from './local.ts';

/** A real Gitea on this machine: one for a whole run. */
export interface Server {
  readonly port: number;
  readonly password: string;
  readonly process: ChildProcess;
  /** Its own version. */
  readonly version: string;
}

/** Who makes the users of the tests, by password. */
export const ADMIN = 'root-of-the-test';

const STARTS_WITHIN = 120_000;

/** Starts the program. `root` holds its templates; the folder is its own. */
export async function startServer(program: string, root: string, folder: string): Promise<Server> {
  const password = randomBytes(16).toString('hex');
  const port = await freePort();
  const config = join(folder, 'app.ini');
  writeFileSync(config, configOf(root, folder, port));
  // Containers run tests as root.
  const env = { ...process.env, GITEA_I_AM_BEING_UNSAFE_RUNNING_AS_ROOT: 'true', HOME: folder };
  const run = (args: string) =>
    promisify(execFile)(program, [...args.split(' '), '--config', config], { env });
  await run('migrate');
  await run(
    `admin user create --admin --must-change-password=false --username ${ADMIN} --password ${password} ` +
      '--email root@keyturn.test',
  );
  const child = spawn(program, ['web', '--config', config], { cwd: folder, stdio: 'ignore', env });
  const until = Date.now() + STARTS_WITHIN;
  while (Date.now() < until && child.exitCode === null) {
    const text = await fetch(`http://127.0.0.1:${port}/api/v1/version`).then(
      (answer) => (answer.ok ? answer.text() : undefined),
      () => undefined,
    );
    if (text !== undefined) return { port, password, process: child, version: versionIn(text) };
    await pause(250);
  }
  child.kill();
  throw new Error('Gitea did not start.');
}

export async function stopServer({ process: child }: Server): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

function versionIn(text: string): string {
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** Passwords are hashed in few rounds: every call of an admin brings one. */
function configOf(root: string, folder: string, port: number): string {
  return [
    'APP_NAME = Keyturn',
    `WORK_PATH = ${folder}`,
    '[server]',
    'HTTP_ADDR = 127.0.0.1',
    `HTTP_PORT = ${port}`,
    `ROOT_URL = http://127.0.0.1:${port}/`,
    `STATIC_ROOT_PATH = ${root}`,
    'DISABLE_SSH = true',
    'OFFLINE_MODE = true',
    '[database]',
    'DB_TYPE = sqlite3',
    `PATH = ${join(folder, 'gitea.db')}`,
    '[security]',
    'INSTALL_LOCK = true',
    `SECRET_KEY = ${randomBytes(16).toString('hex')}`,
    'PASSWORD_HASH_ALGO = pbkdf2$1000$50',
    '[log]',
    'LEVEL = Error',
    '',
  ].join('\n');
}
