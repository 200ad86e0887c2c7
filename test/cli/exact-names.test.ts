import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Credential } from '../../functions/core/token/credential.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { allCommands } from '../../lib/cli/command-line/commands.ts';
import { T0, aToken } from '../fakes/tokens.ts';
import { bench, type Bench } from './harness.ts';

const COMMANDS = await allCommands();

const current: Credential = {
  id: '8f14e45f-0000-4000-8000-000000000001',
  handle: '8214',
  state: 'current',
  origin: 'minted',
  fingerprint: 'f1',
  issuedAt: T0,
  promotedAt: T0,
  versionId: '8f14e45f-0000-4000-8000-000000000001',
};
const previous: Credential = {
  ...current,
  id: '8f14e45f-0000-4000-8000-000000000002',
  handle: '8219',
  state: 'previous',
  fingerprint: 'f2',
  supersededAt: T0,
  versionId: '8f14e45f-0000-4000-8000-000000000002',
};

/** Not enabled yet, as its issuer says. One that is being revoked would keep `detach` waiting. */
const disabled: Credential = {
  ...previous,
  id: '8f14e45f-0000-4000-8000-000000000003',
  handle: '8220',
  supersededAt: T0 - 1,
  fingerprint: 'f3',
  disabledAt: T0,
  versionId: '8f14e45f-0000-4000-8000-000000000003',
};

/** A token that every command would do something with. */
function full(change: Partial<Token> = {}): Token {
  return aToken({
    name: 'billing/gitlab-read',
    credentials: [disabled, previous, current],
    findings: [
      {
        kind: 'token-inactive',
        subject: '',
        severity: 'critical',
        detail: 'x',
        state: 'open',
        openedAt: T0,
        seenAt: T0,
        sequence: 1,
      },
    ],
    noted: [
      { kind: 'reader-unrecognized', subject: 'role/report', severity: 'warning', detail: 'x', seenAt: T0 },
    ],
    consumers: [
      { name: 'ci', kind: 'github', target: 'acme/billing:DEPLOY_TOKEN' },
      { name: 'api', kind: 'service', target: 'billing-api' },
    ],
    ...change,
  });
}

/** What stands behind TOKEN where a command is to get as far as asking for something. */
const REST: Readonly<Record<string, readonly string[]>> = {
  show: [],
  history: [],
  refresh: [],
  'consumer list': [],
  ack: ['token-inactive'],
  rotate: [],
  rollback: ['--yes'],
  revoke: ['--all', '--yes'],
  enable: [disabled.id, '--reason', 'a test value', '--yes'],
  forget: [previous.id, '--reason', 'its project is deleted', '--yes'],
  dismiss: ['role/report'],
  'consumer deliver': ['ci'],
  'consumer confirm': ['ci'],
  'consumer record-deployment': ['billing-api', '2.41.0'],
  retire: ['--yes'],
  detach: ['--yes'],
  'review approve': [],
  'review reject': ['--reason', 'its service is gone'],
};

const OF_TOKENS = COMMANDS.filter(({ usage }) => /\bTOKEN\b/.test(usage));
const REAL = full();

async function world(...tokens: Token[]): Promise<Bench> {
  const it = bench();
  await it.put(
    ...(tokens.length > 0 ? tokens : [REAL, aToken({ name: 'other/npm', provider: 'npm-registry' })]),
  );
  return it;
}

/** Texts that fit one token and are no whole name of it. */
const BEGINNINGS = [
  'bil',
  'billing/gitlab-rea',
  'BILLING/GITLAB-READ',
  `${REAL.name}-Ab`,
  REAL.secretArn.slice(0, -2),
  REAL.secretArn.replace('111122223333', '444455556666'),
  REAL.secretArn.replace('eu-west-1', 'us-east-1'),
  `${REAL.name} `,
];

it('every command that takes a token is tried here, and says whether it changes anything', () => {
  assert.deepEqual(OF_TOKENS.map(({ name }) => name).toSorted(), Object.keys(REST).toSorted());
  assert.deepEqual(
    COMMANDS.filter(({ effect }) => effect === 'reads').map(({ name }) => name),
    [
      'validate',
      'plan',
      'status',
      'show',
      'history',
      'consumer list',
      'doctor',
      'alerts list',
      'issuer list',
      'issuer show',
      'completion',
      'help',
      'version',
    ],
  );
});

for (const { name, effect } of OF_TOKENS) {
  const rest = REST[name] ?? [];
  describe(`keyturn ${name}`, () => {
    for (const whole of [REAL.name, REAL.id, REAL.secretArn])
      it(`takes ${whole}`, async () => {
        const it = await world();
        it.meanwhile = () => it.change(REAL.id, (token) => ({ ...token, inspectedAt: T0 + 1 }));
        const { exit, err } = await it.keyturn(...name.split(' '), whole, ...rest);
        assert.equal(exit, 0, err);
        assert.equal(it.sent.length, effect === 'changes' ? 1 : 0);
        assert.ok(it.sent.every(({ command }) => command.tokenId === REAL.id));
      });

    if (effect === 'changes')
      for (const text of BEGINNINGS)
        it(`asks for nothing by "${text}"`, async () => {
          const it = await world();
          const { exit, out, err } = await it.keyturn(...name.split(' '), text, ...rest);
          assert.equal(exit, 2, err);
          assert.deepEqual([it.sent, out, it.questions], [[], '', []]);
          if (REAL.name.startsWith(text)) assert.match(err, /billing\/gitlab-read/);
        });
    else
      it('takes a beginning, and says for which token', async () => {
        const it = await world();
        const { exit, err } = await it.keyturn(...name.split(' '), 'bil', ...rest);
        assert.equal(exit, 0);
        assert.match(err, /"bil" was taken for billing\/gitlab-read\./);
      });

    it('names the candidates where several fit', async () => {
      const it = await world(full(), full({ name: 'billing/okta' }));
      const { exit, err } = await it.keyturn(...name.split(' '), 'billing', ...rest);
      assert.equal(exit, 2);
      assert.match(err, /billing\/gitlab-read or billing\/okta/);
      assert.deepEqual(it.sent, []);
    });

    it('refuses what is no ARN of a secret in a sentence', async () => {
      const { exit, err } = await (
        await world()
      ).keyturn(...name.split(' '), 'arn:aws:iam::111122223333:role/x', ...rest);
      assert.equal(exit, 2);
      assert.match(err, /is not the ARN of a secret: write/);
    });
  });
}

describe('a credential', () => {
  for (const whole of [previous.id, '8219'])
    it(`is taken by ${whole}`, async () => {
      const it = await world();
      assert.equal((await it.keyturn('revoke', REAL.name, whole, '--yes')).exit, 0);
      assert.deepEqual(
        it.sent.map(({ command }) => command.kind === 'revoke' && command.credentialId),
        [previous.id],
      );
    });

  for (const text of ['821', '8f14e45f', previous.id.slice(0, -1), 'zzz'])
    it(`is not meant by ${text}`, async () => {
      const it = await world();
      const { exit, err } = await it.keyturn('revoke', REAL.name, text, '--yes');
      assert.equal(exit, 2);
      assert.match(err, /8214|8f14e45f/);
      assert.deepEqual(it.sent, []);
    });

  it('of several with one handle is asked for by its id', async () => {
    const it = await world(full({ credentials: [{ ...previous, handle: '8214' }, current] }));
    const { exit, err } = await it.keyturn('revoke', REAL.name, '8214', '--yes');
    assert.equal(exit, 2);
    assert.match(err, /write the id of one/);
  });
});

for (const [command, ...args] of [
  ['ack', REAL.name, 'token'],
  ['dismiss', REAL.name, 'role'],
  ['consumer', 'deliver', REAL.name, 'c'],
  ['consumer', 'confirm', REAL.name, 'c'],
  ['consumer', 'record-deployment', REAL.name, 'bill', '1'],
  ['consumer', 'record-undeployment', 'bill', '1'],
  ['redrive', '--queue', 'ale', '--yes'],
] as const)
  it(`keyturn ${command} takes no beginning of a kind, consumer, service or queue`, async () => {
    const it = await world();
    it.dlq = [{ name: 'keyturn-main-alert-dlq', arn: 'arn:alert', messages: 2, backTo: 'arn:work' }];
    const { exit, err } = await it.keyturn(command, ...args);
    assert.notEqual(exit, 0);
    assert.match(err, /token-inactive|role\/report|ci|billing-api|alert/);
    assert.deepEqual([it.sent, it.movedBack], [[], []]);
  });

describe('a secret that the inventory does not have', () => {
  const known = (tags: Record<string, string>): Bench['secrets'] => ({
    ...bench().secrets,
    arnOf: async () => full({ name: 'new/one' }).secretArn,
    find: async () => ({
      arn: full({ name: 'new/one' }).secretArn,
      tags: new Map(Object.entries(tags)),
      obstacle: undefined,
      pending: undefined,
      rotation: undefined,
    }),
  });

  it('is said to be on its way where it is registered', async () => {
    const it = await world();
    it.secrets = known({ 'keyturn:installation': 'main', 'keyturn:issuer': 'gitlab' });
    const { exit, err } = await it.keyturn('ack', 'new/one');
    assert.equal(exit, 3);
    assert.match(err, /is registered, and Keyturn has not taken it into its inventory yet/);
  });

  it('is said to belong to no installation, or to another one, where it is', async () => {
    for (const tags of [{}, { 'keyturn:installation': 'staging', 'keyturn:issuer': 'gitlab' }]) {
      const it = await world();
      it.secrets = known(tags);
      const { exit, err } = await it.keyturn('show', 'new/one');
      assert.equal(exit, 3);
      assert.match(err, /is not registered with the installation main/);
    }
  });
});
