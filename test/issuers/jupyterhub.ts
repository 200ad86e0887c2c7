import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { jupyterhubSimulator } from '../../lib/sandbox/issuers/jupyterhub.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { defineProviderContract, type AdminJson } from '../contracts/provider.ts';
import { JUPYTERHUB } from '../providers/jupyterhub-contract.ts';
import { HubIssuer, startHub, stopHub } from './jupyterhub-server.ts';

/** The program of a virtual environment, named by `test/issuers/run`. */
const program =
  process.env['JUPYTERHUB'] ?? assert.fail('Say where jupyterhub is: JUPYTERHUB=/…/bin/jupyterhub.');
const folder = await mkdtemp(join(tmpdir(), 'keyturn-jupyterhub-'));
const hub = await startHub(program, folder);
after(async () => {
  await stopHub(hub);
  await rm(folder, { recursive: true });
});

defineProviderContract({
  ...JUPYTERHUB,
  name: 'jupyterhub against JupyterHub',
  startAt: Date.now(),
  createIssuer: (clock) => new HubIssuer(hub, clock),
});

/** What differs from one hub to the next is written as what it is. */
function shapeOf(body: unknown, user: string): unknown {
  if (Array.isArray(body)) return body.map((one) => shapeOf(one, user)).toSorted(byText);
  if (typeof body === 'object' && body !== null)
    return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, shapeOf(value, user)]));
  return typeof body === 'string'
    ? body
        .replaceAll(user, 'USER')
        .replace(/^[0-9a-f]{32}$/, 'value')
        .replace(/\ba\d+\b/, 'id')
        .replace(/^\d{4}-.*Z$/, 'date')
    : body;
}

/** Lists are by last use, which the virtual clock does not tell apart. */
function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a).localeCompare(JSON.stringify(b));
}

/** Every question that the provider or a consumer may put, and the wrong ones. */
async function interview(issuer: Issuer): Promise<unknown[]> {
  const admin: AdminJson = JSON.parse(issuer.adminSecret(['a/b', 'c/d']));
  const [{ user }] = admin['grants'];
  const answers: unknown[] = [];
  async function ask(method: string, path: string, token: string, json?: unknown): Promise<AdminJson> {
    const answer = await issuer.fetch(
      new Request(`https://${issuer.host}/hub/api${path}`, {
        method,
        headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
    );
    const text = await answer.text();
    const body: AdminJson = text === '' ? {} : JSON.parse(text);
    answers.push([method, shapeOf(path, user), answer.status, shapeOf(body, user)]);
    return body;
  }
  const tokens = `/users/${user}/tokens`;
  const master = admin['token'];
  const scopes = ['read:users:name!user'];
  await ask('GET', tokens, master);
  const made = await ask('POST', tokens, master, { note: 'one', expires_in: 3_600, scopes });
  await ask('POST', tokens, master, { note: 'for ever', expires_in: 0, scopes });
  await ask('GET', '/user', made['token']);
  await ask('GET', tokens, made['token']);
  await ask('POST', tokens, made['token'], { note: 'mine', scopes });
  await ask('DELETE', `${tokens}/${made['id']}`, made['token']);
  for (const method of ['GET', 'POST'])
    await ask(method, tokens, 'made-up', method === 'POST' ? {} : undefined);
  await ask('GET', '/user', 'made-up');
  await ask('GET', '/users/nobody-here/tokens', master);
  await ask('GET', tokens, master);
  await ask('DELETE', `${tokens}/a999999`, master);
  await ask('DELETE', `${tokens}/${made['id']}`, master);
  await ask('DELETE', `${tokens}/${made['id']}`, master);
  await ask('GET', '/user', made['token']);
  await ask('GET', '/nothing', master);
  return answers;
}

describe('jupyterhub simulator', () => {
  it('answers every question as JupyterHub does', async () => {
    const real = await interview(new HubIssuer(hub, new VirtualClock(Date.now())));
    assert.deepEqual(await interview(jupyterhubSimulator({ clock: new VirtualClock(Date.now()) })), real);
  });

  it('gives ids out again, as JupyterHub does', async () => {
    const issuer = new HubIssuer(hub, new VirtualClock(Date.now()));
    const first = await idsOf(issuer);
    assert.deepEqual(first, await idsOf(issuer));
  });
});

/** The id of a token that is deleted at once. */
async function idsOf(issuer: Issuer): Promise<(string | undefined)[]> {
  const { token: value }: AdminJson = JSON.parse(await issuer.createByHand('a/b'));
  const handle = (await issuer.credentials('a/b')).find((one) => one.value === value)?.handle ?? '';
  await issuer.revokeByHand(handle);
  return [/\/(a\d+)@/.exec(handle)?.[1]];
}
