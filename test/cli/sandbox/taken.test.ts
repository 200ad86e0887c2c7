import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { EXIT } from '../../../lib/cli/command-line/exit.ts';
import { temporaryFolder } from '../../sandbox/runtime/tiny.ts';

interface Ended {
  readonly exit: number | undefined;
  readonly err: string;
}

/** The command as it stands in a terminal: in a process of its own. */
function keyturn(...args: readonly string[]): Promise<Ended> {
  const command = ['bin/keyturn.ts', ...args];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, (_error, _out, err) =>
      resolve({ exit: child.exitCode ?? undefined, err }),
    );
  });
}

/** What answers as a running sandbox does; its port. */
async function answering(t: TestContext): Promise<number> {
  const server = createServer((_request, response) => void response.end('{}'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

test('a second sandbox in the same folder is refused, with folder, fault and fix', async (t) => {
  const folder = temporaryFolder(t);
  const endpoint = `http://127.0.0.1:${await answering(t)}`;
  writeFileSync(join(folder, 'sandbox.json'), JSON.stringify({ endpoint }));
  const { exit, err } = await keyturn('sandbox', `--sandbox=${folder}`);
  assert.equal(
    err,
    `Starting a sandbox.\nA sandbox runs in ${folder} already, at ${endpoint}: ` +
      'stop it, or choose another folder.\n',
  );
  assert.equal(exit, EXIT.refused);
});

test('so is one on a port that is taken', async (t) => {
  const port = await answering(t);
  const { exit, err } = await keyturn('sandbox', `--sandbox=${temporaryFolder(t)}`, '--port', String(port));
  assert.equal(
    err,
    `Starting a sandbox.\nThe port ${port} is taken: stop what listens there, or choose another port.\n`,
  );
  assert.equal(exit, EXIT.refused);
});
