import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { giteaSimulator } from '../../lib/sandbox/issuers/gitea.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { defineProviderContract, type AdminJson } from '../contracts/provider.ts';
import { GITEA } from '../providers/gitea-contract.ts';
import { startServer, stopServer } from './gitea-server.ts';
import { UsersIssuer } from './gitea-users.ts';

/** The program and its templates, named by `test/issuers/run`. */
const { GITEA: program, GITEA_ROOT: root } = process.env;
assert.ok(program !== undefined && root !== undefined, 'Say where it is: GITEA=/…/gitea GITEA_ROOT=/….');
const folder = await mkdtemp(join(tmpdir(), 'keyturn-gitea-'));
const server = await startServer(program, root, folder);
after(async () => {
  await stopServer(server);
  await rm(folder, { recursive: true });
});

defineProviderContract({
  ...GITEA,
  name: `gitea against Gitea ${server.version}`,
  startAt: Date.now(),
  createIssuer: (clock) => new UsersIssuer(server, clock),
});

type Names = readonly (readonly [string, string])[];

/** What differs from one Gitea to the next is written as what it is. */
function shapeOf(body: unknown, names: Names): unknown {
  if (Array.isArray(body)) return body.map((one) => shapeOf(one, names));
  if (typeof body === 'number') return 'number';
  if (typeof body === 'object' && body !== null)
    return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, shapeOf(value, names)]));
  if (typeof body !== 'string') return body;
  return names
    .reduce((text, [name, word]) => text.replaceAll(name, word), body)
    .replace(/^[0-9a-f]{40}$/, 'value')
    .replace(/^[0-9a-f]{8}$/, 'last eight')
    .replace(/\/tokens\/\d+$/, '/tokens/ID')
    .replace(/^https?:.*\/api\/swagger$/, 'swagger')
    .replace(/^2\d{3}-\d\d-\d\dT.*Z$/, 'date');
}

/** Of a user who tells who they are, what the provider reads. */
function read(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('login' in body)) return body;
  const { id, login }: AdminJson = body;
  return { id, login };
}

/** Every question that the provider or a consumer may put, and the wrong ones. */
async function interview(issuer: Issuer): Promise<unknown[]> {
  const admin: AdminJson = JSON.parse(issuer.adminSecret(['a/b', 'c/d']));
  const [one, other]: AdminJson[] = admin['grants'];
  assert.ok(one && other);
  const names: Names = [
    [one['user'], 'ONE'],
    [other['user'], 'OTHER'],
  ];
  const answers: unknown[] = [];
  async function ask(method: string, path: string, as?: string, json?: unknown): Promise<AdminJson> {
    const answer = await issuer.fetch(
      new Request(`https://${issuer.host}/api/v1${path}`, {
        method,
        headers: {
          ...(as !== undefined && { authorization: as }),
          'content-type': 'application/json',
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
    );
    const text = await answer.text();
    const body: AdminJson = text === '' ? {} : JSON.parse(text);
    answers.push([method, shapeOf(path, names), answer.status, shapeOf(read(body), names)]);
    return body;
  }
  const basic = (user: string, password: string) =>
    `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const [mine, theirs] = [one, other].map((grant) => basic(grant['user'], grant['password']));
  const tokens = `/users/${one['user']}/tokens`;
  await ask('GET', tokens, mine);
  await ask('GET', '/user', mine);
  const made = await ask('POST', tokens, mine, { name: 'one', scopes: ['read:repository'] });
  const wide = await ask('POST', tokens, mine, { name: 'two', scopes: ['read:repository', 'read:user'] });
  await ask('POST', tokens, mine, { name: 'one', scopes: ['read:repository'] });
  await ask('POST', tokens, mine, { scopes: ['read:repository'] });
  await ask('POST', tokens, theirs, { name: 'three', scopes: ['read:repository'] });
  await ask('GET', tokens, theirs);
  await ask('GET', tokens, mine);
  await ask('GET', `${tokens}?page=2&limit=50`, mine);
  await ask('GET', `${tokens}?page=2&limit=1`, mine);
  for (const { sha1 } of [made, wide]) {
    const as = `token ${sha1}`;
    await ask('GET', '/user', as);
    await ask('GET', tokens, as);
    await ask('POST', tokens, as, { name: 'four', scopes: ['read:repository'] });
    await ask('DELETE', `${tokens}/${made['id']}`, as);
  }
  await ask('GET', '/user', `token ${'0'.repeat(40)}`);
  await ask('GET', '/user', 'token made-up');
  await ask('GET', '/user', basic(one['user'], 'wrong'));
  await ask('GET', tokens, basic('nobody-here', 'wrong'));
  await ask('DELETE', `${tokens}/999999`, mine);
  await ask('DELETE', `${tokens}/${made['id']}`, theirs);
  await ask('DELETE', `${tokens}/${made['id']}`, mine);
  await ask('DELETE', `${tokens}/${made['id']}`, mine);
  await ask('GET', '/user', `token ${made['sha1']}`);
  await ask('GET', tokens, mine);
  return answers;
}

describe('gitea simulator', () => {
  it('answers every question as Gitea does', async () => {
    const real = await interview(new UsersIssuer(server, new VirtualClock(Date.now())));
    assert.deepEqual(await interview(giteaSimulator({ clock: new VirtualClock(Date.now()) })), real);
  });
});
