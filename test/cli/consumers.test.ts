import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from '../../functions/core/commands/commands.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import type { Consumer } from '../../functions/core/consumers/consumer-state.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { T0 } from '../fakes/tokens.ts';
import { bench, type Bench } from './harness.ts';
import { current, healthy, previous } from './tokens.ts';

const ID = 'prod/x-AbC123';
const TEAM: Consumer = { name: 'team', kind: 'ack', target: 'team-billing' };
const APP: Consumer = {
  name: 'app',
  kind: 'service',
  target: 'billing-api',
  uses: [{ version: '41', credentialId: 'v-0', notedAt: T0, by: 'ci' }],
};

async function tokenWith(change: Partial<Token> = {}): Promise<Bench> {
  const self = bench();
  await self.put(
    healthy('prod/x', { credentials: [previous(), current()], consumers: [TEAM, APP], ...change }),
  );
  return self;
}

test('moved names the credential that is current now, in a command that the act functions take', async () => {
  const self = await tokenWith();
  const { exit, out } = await self.keyturn('consumer', 'confirm', 'prod/x', 'team');
  assert.equal(exit, 0);
  assert.deepEqual(
    self.sent.map(({ command }) => Command.parse(command)),
    [
      {
        kind: 'moved',
        tokenId: ID,
        consumer: 'team',
        credentialId: current().id,
        notAfter: T0 + 40 * MINUTE,
      },
    ],
  );
  assert.match(out, /^Reported: team of prod\/x uses version/);
});

test('moved --wait ends when it is on record, and fails when a rotation came between', async () => {
  const self = await tokenWith();
  self.meanwhile = () =>
    self.change(ID, (token) => ({
      ...token,
      consumers: [{ ...TEAM, acknowledged: { credentialId: current().id, at: T0, by: 'ann' } }],
    }));
  assert.match(
    (await self.keyturn('consumer', 'confirm', 'prod/x', 'team', '--wait')).out,
    /^It is on record that team uses version/,
  );
  const other = await tokenWith();
  other.meanwhile = () => other.change(ID, (token) => ({ ...token, credentials: [current({ id: 'v-9' })] }));
  const { exit, out } = await other.keyturn('consumer', 'confirm', 'prod/x', 'team', '--wait');
  assert.equal(exit, 1);
  assert.match(out, /was rotated meanwhile/);
});

test('moved says which consumers there are', async () => {
  const self = await tokenWith();
  assert.match(
    (await self.keyturn('consumer', 'confirm', 'prod/x')).err,
    /Which consumer of prod\/x\? It has team, app\./,
  );
  assert.match(
    (await self.keyturn('consumer', 'confirm', 'prod/x', 'tea')).err,
    /has no consumer "tea"\..*team/,
  );
  assert.match(
    (await (await tokenWith({ consumers: undefined })).keyturn('consumer', 'confirm', 'prod/x', 'team')).err,
    /It has none: its tags declare them\./,
  );
  assert.deepEqual(self.sent, []);
});

test('deliver asks for a consumer to which something is brought, and follows it', async () => {
  const CI: Consumer = { name: 'ci', kind: 'github', target: 'acme/a:X' };
  const delivery = { credentialId: current().id, promotedAt: T0, asked: { request: 7, at: T0 }, tries: 0 };
  const self = await tokenWith({ consumers: [TEAM, CI] });
  self.meanwhile = () =>
    self.change(ID, (token) => ({
      ...token,
      consumers: [TEAM, { ...CI, delivery: { ...delivery, state: 'proven' } }],
    }));
  const done = await self.keyturn('consumer', 'deliver', 'prod/x', 'ci', '--wait');
  assert.deepEqual(
    self.sent.map(({ command }) => Command.parse(command)),
    [
      {
        kind: 'redeliver',
        tokenId: ID,
        consumer: 'ci',
        credentialId: current().id,
        notAfter: T0 + 40 * MINUTE,
      },
    ],
  );
  assert.deepEqual([done.exit, done.out], [0, `ci has version ${current().id} of prod/x.\n`]);
  const failing = await tokenWith({ consumers: [CI] });
  failing.meanwhile = () =>
    failing.change(ID, (token) => ({
      ...token,
      consumers: [
        {
          ...CI,
          delivery: {
            ...delivery,
            state: 'failed',
            problem: { code: 'x', message: 'GitHub said no.', lasting: true },
          },
        },
      ],
    }));
  const failed = await failing.keyturn('consumer', 'deliver', 'prod/x', 'ci', '--wait');
  assert.deepEqual([failed.exit, failed.out], [1, 'GitHub said no. Keyturn tries again.\n']);
  const none = await self.keyturn('consumer', 'deliver', 'prod/x', 'team');
  assert.equal(none.exit, 3);
  assert.match(
    none.err,
    /Keyturn delivers nothing to team: a consumer of the kind ack reads the secret itself\./,
  );
});

test('using notes a version of a service that is declared', async () => {
  const self = await tokenWith();
  assert.equal((await self.keyturn('consumer', 'record-deployment', 'prod/x', 'billing-api', '42')).exit, 0);
  assert.deepEqual(
    self.sent.map(({ command }) => Command.parse(command)),
    [
      {
        kind: 'using',
        tokenId: ID,
        service: 'billing-api',
        version: '42',
        credentialId: current().id,
        notAfter: T0 + 40 * MINUTE,
      },
    ],
  );
  assert.match(
    (await self.keyturn('consumer', 'record-deployment', 'prod/x', 'other', '42')).err,
    /has no consumer that is the service "other"\. prod\/x has billing-api\./,
  );
  assert.match(
    (await self.keyturn('consumer', 'record-deployment', 'prod/x', 'billing-api')).err,
    /Which version/,
  );
});

test('release asks every token that the version was noted for, and no other', async () => {
  const self = await tokenWith();
  await self.put(
    healthy('prod/y', {
      consumers: [
        {
          ...APP,
          uses: [{ version: '41', credentialId: 'v-0', notedAt: T0, by: 'ci', releasedAt: T0 + HOUR }],
        },
      ],
    }),
    healthy('prod/z'),
  );
  const { exit, out } = await self.keyturn('consumer', 'record-undeployment', 'billing-api', '41');
  assert.equal(exit, 0);
  assert.deepEqual(
    self.sent.map(({ command }) => Command.parse(command)),
    [{ kind: 'released', tokenId: ID, service: 'billing-api', version: '41', notAfter: T0 + 40 * MINUTE }],
  );
  assert.match(out, /^Version 41 of billing-api was reported as undeployed for prod\/x\./);
  const slip = await self.keyturn('consumer', 'record-undeployment', 'billing-api', '40');
  assert.deepEqual([slip.exit, slip.out], [3, '']);
  assert.match(slip.err, /there is nothing to record\. Recorded as running: 41\./);
  assert.match(
    (await self.keyturn('consumer', 'record-undeployment', 'biling-api', '41')).err,
    /no.*service "biling-api"\. Did you mean billing-api\?/i,
  );
  await self.change(ID, (token) => ({ ...token, consumers: [] }));
  const again = await self.keyturn('consumer', 'record-undeployment', 'billing-api', '41');
  assert.deepEqual(
    [again.exit, again.out],
    [0, 'Version 41 of billing-api was recorded as undeployed before: there is nothing to do.\n'],
  );
  assert.equal(self.sent.length, 1);
  await self.change(ID, (token) => ({
    ...token,
    consumers: [{ ...APP, uses: [{ version: '41', credentialId: 'v-1', notedAt: T0, by: 'ci' }] }],
  }));
  assert.deepEqual(
    JSON.parse((await self.keyturn('consumer', 'record-undeployment', 'billing-api', '41', '--json')).out)
      .tokens,
    ['prod/x'],
  );
  assert.equal((await self.keyturn('consumer', 'record-undeployment')).exit, 2);
});

test('show says of each consumer how far it is, and why a credential was revoked', async () => {
  const self = await tokenWith({
    consumers: [
      {
        name: 'ci',
        kind: 'github',
        target: 'acme/x:T',
        delivery: {
          credentialId: current().id,
          promotedAt: current().promotedAt ?? 0,
          state: 'failed',
          tries: 3,
          problem: { code: 'x', message: 'GitHub said no.', lasting: true },
        },
      },
      APP,
    ],
    credentials: [
      previous({
        id: 'v-d',
        state: 'ended',
        evidence: { at: T0, strength: 'weak', grounds: [{ by: 'ci', what: 'delivered' }] },
      }),
      previous({ pendingConsumers: [{ who: 'ci', why: 'it lags', since: T0 }] }),
      current(),
    ],
  });
  const { out } = await self.keyturn('show', 'prod/x');
  assert.match(
    out,
    /Consumers\n {2}CONSUMER {2}KIND AND TARGET .*\n {2}ci +github:acme\/x:T +not known\n {4}Delivery failed: GitHub said no\.\n {2}app +service:billing-api +not known\n {4}Versions recorded as running: 41\.\n/,
  );
  assert.match(out, /ci: it lags/);
  assert.match(out, /Weak evidence: ci, delivered\./);
});
