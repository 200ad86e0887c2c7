import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { RabbitmqSimulator } from '../../lib/sandbox/issuers/rabbitmq.ts';
import { hashed } from '../../lib/sandbox/issuers/rabbitmq-users.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { defineProviderContract, type AdminJson } from '../contracts/provider.ts';
import { RABBITMQ } from '../providers/rabbitmq-contract.ts';
import { BrokerIssuer, startServer, stopServer } from './rabbitmq-server.ts';

/** The program, named by `test/issuers/run`. */
const program =
  process.env['RABBITMQ_SERVER'] ??
  assert.fail('Say where it is: RABBITMQ_SERVER=/usr/lib/rabbitmq/bin/rabbitmq-server.');
const folder = await mkdtemp(join(tmpdir(), 'keyturn-rabbitmq-'));
const server = await startServer(program, folder);
after(async () => {
  await stopServer(server);
  await rm(folder, { recursive: true });
});

defineProviderContract({
  ...RABBITMQ,
  name: `rabbitmq against RabbitMQ ${server.version}`,
  startAt: Date.now(),
  createIssuer: (clock) => new BrokerIssuer(server, clock),
});

/** What differs from one broker to the next is written as what it is. */
function shapeOf(body: unknown, users: readonly string[]): unknown {
  if (Array.isArray(body)) return body.map((one) => shapeOf(one, users));
  if (typeof body === 'object' && body !== null)
    return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, shapeOf(value, users)]));
  if (typeof body !== 'string') return body;
  return users
    .reduce((text, name, index) => text.replaceAll(name, `USER${index}`), body)
    .replace(/^[\w+/]{48}$/, 'hash');
}

/** Every question that the provider or a consumer may put, and the wrong ones. */
async function interview(issuer: Issuer): Promise<unknown[]> {
  const admin: AdminJson = JSON.parse(issuer.adminSecret(['a/b', 'c/d']));
  const [{ users }] = admin['grants'];
  const [one, other] = users;
  const answers: unknown[] = [];
  async function ask(
    method: string,
    path: string,
    as: readonly [string, string] | undefined,
    json?: unknown,
  ): Promise<void> {
    const authorization = as && `Basic ${Buffer.from(as.join(':')).toString('base64')}`;
    const answer = await issuer.fetch(
      new Request(`https://${issuer.host}/api${path}`, {
        method,
        headers: {
          ...(authorization !== undefined && { authorization }),
          'content-type': 'application/json',
        },
        ...(json !== undefined && { body: typeof json === 'string' ? json : JSON.stringify(json) }),
      }),
    );
    const text = await answer.text();
    const body: unknown = text === '' ? '' : JSON.parse(text);
    const own = Array.isArray(body)
      ? body.filter((entry: AdminJson) => entry['name'] === undefined || users.includes(entry['name']))
      : body;
    answers.push([method, shapeOf(path, users), answer.status, shapeOf(own, users)]);
  }
  const master = [admin['username'], admin['password']] as const;
  const hash = hashed('first', Buffer.from('salt'));
  const hashing_algorithm = 'rabbit_password_hashing_sha256';
  const may = { configure: '^$', write: '.*', read: '.*' };
  await ask('GET', '/whoami', undefined);
  await ask('GET', '/whoami', [one, 'first']);
  await ask('GET', `/users/${one}`, master);
  await ask('GET', `/users/${one}/permissions`, master);
  await ask('DELETE', `/users/${one}`, master);
  for (let time = 0; time < 2; time++)
    await ask('PUT', `/users/${one}`, master, { password_hash: hash, hashing_algorithm, tags: '' });
  await ask('GET', `/users/${one}`, master);
  await ask('GET', '/whoami', [one, 'first']);
  await ask('GET', '/users', [one, 'first']);
  await ask('GET', '/whoami', [one, 'second']);
  await ask('GET', '/whoami', [one, '']);
  for (const path of [`/permissions/%2F/${one}`, `/permissions/%2F/${one}`])
    await ask('PUT', path, master, may);
  await ask('PUT', `/permissions/nowhere/${one}`, master, may);
  await ask('PUT', `/permissions/%2F/${other}`, master, may);
  await ask('PUT', `/permissions/%2F/${one}`, master, { write: '.*', read: '.*' });
  await ask('GET', `/users/${one}/permissions`, master);
  await ask('PUT', `/users/${one}`, master, { password: 'second', tags: 'management,other' });
  await ask('GET', '/whoami', [one, 'first']);
  await ask('GET', '/whoami', [one, 'second']);
  await ask('GET', '/users', [one, 'second']);
  await ask('GET', `/users/${one}/permissions`, master);
  await ask('PUT', `/users/${other}`, master, { password: 'x' });
  await ask('PUT', `/users/${other}`, master, '{no json');
  await ask('PUT', `/users/${other}`, master, { password_hash: '!!', tags: '' });
  await ask('PUT', `/users/${other}`, master, { tags: ['management'] });
  await ask('GET', '/whoami', [other, '']);
  await ask('GET', '/users', master);
  await ask('PUT', `/users/${other}`, master, { tags: [] });
  await ask('GET', '/users', master);
  await ask('POST', `/users/${other}`, master, {});
  for (const name of [one, other, other]) await ask('DELETE', `/users/${name}`, master);
  await ask('GET', '/whoami', [one, 'second']);
  await ask('PUT', `/users/${one}`, master, { password: 'third', tags: '' });
  await ask('GET', `/users/${one}/permissions`, master);
  await ask('DELETE', `/users/${one}`, master);
  await ask('GET', '/nothing', master);
  return answers;
}

describe('rabbitmq simulator', () => {
  it('answers every question as RabbitMQ does', async () => {
    const real = await interview(new BrokerIssuer(server, new VirtualClock(Date.now())));
    assert.deepEqual(await interview(new RabbitmqSimulator({ clock: new VirtualClock(Date.now()) })), real);
  });
});
