import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aFinding, aLifecycleFact } from '../../fakes/tokens.ts';
import { bench } from '../harness.ts';
import { attempt, current, healthy, open, previous } from '../tokens.ts';
import type { HistoryEntryJson, TokenJson } from '../../../lib/cli/json/tokens.ts';

test('show tells credentials, rotations, findings, policy and what comes next', async () => {
  const self = bench();
  const done = attempt({
    id: 'v-new',
    state: 'promoted',
    cause: 'due',
    openedAt: T0 - 3 * DAY,
    endedAt: T0 - 3 * DAY,
    tidy: true,
  });
  await self.put(
    healthy('prod/x', {
      credentials: [previous(), current()],
      attempts: [done],
      findings: [open()],
      scopes: ['read_api'],
      inspectedAt: T0,
    }),
  );
  const { exit, out } = await self.keyturn('show', 'prod/x');
  assert.equal(exit, 0);
  assert.match(out, /^state +in grace period: the previous credential is kept/m);
  assert.match(out, /^expires +2026-03-03T09:00:00Z \(in 57d\)$/m);
  assert.match(
    out,
    /^ {2}critical {2}previous-credential-in-use {2}opened 60m ago\n {4}Consumers still use it\.$/m,
  );
  assert.match(
    out,
    /^ {2}gitlab\/77 {2}current +3d ago +in 57d +-\n {4}id v-new, made by Keyturn, current since 3d ago\.$/m,
  );
  assert.match(out, /^ {2}gitlab\/42 {2}in grace period .*\n {4}id v-old, /m);
  assert.match(out, /^ {2}done +3d ago +3d ago +its interval is over {2}v-new$/m);
  assert.match(out, /^ {2}warnBefore +30d 14d 7d 3d 1d$/m);
  const next = out.slice(out.indexOf('What comes next')).trim().split('\n').slice(1);
  assert.deepEqual(next, [
    '  in 60m: decide whether the old credential gitlab/42 may be revoked',
    '  in 5h: compare the record with Secrets Manager and the issuer',
    '  in 27d: rotate (its interval is over)',
  ]);
});

test('show --json is one object with instants in ISO 8601 and null for what is unknown', async () => {
  const self = bench();
  await self.put(
    healthy('prod/x', {
      credentials: [current({ handle: undefined, issuedAt: undefined })],
      lastError: { code: 'issuer-refused', message: 'No.', lasting: true },
    }),
  );
  const view: TokenJson = JSON.parse((await self.keyturn('show', 'prod/x', '--json')).out);
  assert.equal(view.credentials[0]?.handle, null);
  assert.equal(view.credentials[0]?.promotedAt, '2026-01-02T09:00:00Z');
  assert.deepEqual(view.lastError, { code: 'issuer-refused', message: 'No.' });
  assert.equal(view.policy.rotateEvery, '30d');
  assert.deepEqual(
    view.agenda.map((one) => one.kind),
    ['inspect', 'rotate'],
  );
});

test('show says whether the token works, or why and since when that is unknown, and its uses', async () => {
  const self = bench();
  await self.put(
    healthy('prod/a', {
      validity: { at: T0 - HOUR, outcome: 'active' },
      use: { since: T0 - 9 * DAY, last: T0 - DAY },
    }),
    healthy('prod/b', {
      validity: { at: T0, outcome: 'unknown', reason: 'the connection failed' },
      use: { since: T0 - 9 * DAY },
    }),
    healthy('prod/c'),
    healthy('prod/d', { provider: 'okta' }),
  );
  const line = async (name: string, field: string): Promise<string | undefined> =>
    new RegExp(`^${field} +(.*)$`, 'm').exec((await self.keyturn('show', name)).out)?.[1];
  assert.equal(await line('prod/a', 'validity'), 'active, asked 60m ago');
  assert.equal(await line('prod/a', 'last used'), '2026-01-04T09:00:00Z (24h ago)');
  assert.equal(
    await line('prod/b', 'validity'),
    'unknown, asked 0s ago, last active 2026-01-05T08:00:00Z (60m ago): the connection failed',
  );
  assert.equal(await line('prod/b', 'last used'), 'not since 2025-12-27T09:00:00Z (9d ago)');
  assert.equal(
    await line('prod/c', 'last used'),
    'not known yet: the issuer has not reported it for the current credential',
  );
  assert.equal(await line('prod/d', 'last used'), 'not known: this issuer does not report it');
  const view: TokenJson = JSON.parse((await self.keyturn('show', 'prod/b', '--json')).out);
  assert.deepEqual(
    [view.validity, view.lastCheck, view.usedAt],
    ['unknown', { at: '2026-01-05T09:00:00Z', outcome: 'unknown', reason: 'the connection failed' }, null],
  );
});

test('a token is found by name, id, ARN and unique beginning', async () => {
  const self = bench();
  await self.put(healthy('prod/billing'), healthy('prod/web'), healthy('prod/web-2'));
  const shown = async (text: string): Promise<string> =>
    JSON.parse((await self.keyturn('show', text, '--json')).out).name;
  assert.equal(await shown('prod/billing'), 'prod/billing');
  assert.equal(await shown('prod/billing-AbC123'), 'prod/billing');
  assert.equal(await shown('prod/b'), 'prod/billing');
  assert.equal(await shown('prod/web'), 'prod/web', 'an exact name wins over longer ones');
  assert.equal(
    await shown('arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/web-2-AbC123'),
    'prod/web-2',
  );
});

test('a name that Secrets Manager knows is found without going through the inventory', async () => {
  const self = bench();
  const token = healthy('prod/billing');
  await self.put(token);
  self.secrets = {
    ...self.secrets,
    arnOf: async (name) => (name === 'prod/billing' ? token.secretArn : undefined),
  };
  self.inventory.all = () => assert.fail('went through the inventory');
  assert.equal((await self.keyturn('show', 'prod/billing')).exit, 0);
});

test('a secret made anew under its old name wins over the detached one', async () => {
  const self = bench();
  await self.put(
    healthy('prod/x', { id: 'prod/x-Old111', detachedAt: T0 }),
    healthy('prod/x', { id: 'prod/x-New222' }),
  );
  assert.equal(JSON.parse((await self.keyturn('show', 'prod/x', '--json')).out).id, 'prod/x-New222');
});

test('what is ambiguous or unknown is said with suggestions', async () => {
  const self = bench();
  await self.put(healthy('prod/billing'), healthy('prod/building'));
  const ambiguous = await self.keyturn('show', 'prod/b');
  assert.equal(ambiguous.exit, 2);
  assert.equal(ambiguous.err, '"prod/b" may be prod/billing or prod/building: write more of it.\n');
  const unknown = await self.keyturn('show', 'prod/biling');
  assert.equal(unknown.exit, 2);
  assert.match(
    unknown.err,
    /^There is no token "prod\/biling" in the installation main\. Did you mean prod\/billing or prod\/building\?\n$/,
  );
  assert.match((await self.keyturn('show', 'zzz')).err, /`keyturn status` lists all\.\n$/);
  assert.match((await self.keyturn('show')).err, /^Which token\?/);
});

test('history is latest first, limited, and tells who', async () => {
  const self = bench();
  await self.put(healthy('prod/billing/ci'));
  await self.inventory.appendHistory([
    aLifecycleFact({ id: '1', at: T0, what: 'requested', by: 'AROA1234:alice@example.com' }),
    aLifecycleFact({ id: '2', at: T0 + HOUR, what: 'rotated' }),
    aFinding({ id: '3', at: T0 + 2 * HOUR, kind: 'previous-credential-in-use' }),
  ]);
  const { out } = await self.keyturn('history', 'prod/billing/ci');
  assert.match(
    out,
    /WHEN.*\n.*11:00:00Z {2}previous-credential-in-use opened +Keyturn .*\n.*10:00:00Z {2}rotated .*\n.*09:00:00Z {2}requested +alice@example\.com /,
  );
  const { entries: views }: { entries: HistoryEntryJson[] } = JSON.parse(
    (await self.keyturn('history', 'prod/billing/ci', '--json', '--limit', '1')).out,
  );
  assert.deepEqual(
    views.map((one) => one.what),
    ['previous-credential-in-use opened'],
  );
});

test('history of a token without one, and a wrong limit', async () => {
  const self = bench();
  await self.put(healthy('a/b'));
  assert.equal((await self.keyturn('history', 'a/b')).out, 'Nothing is on record of a/b yet.\n');
  const wrong = await self.keyturn('history', 'a/b', '-n', 'ten');
  assert.equal(wrong.exit, 2);
  assert.equal(wrong.err, '--limit is "ten": write a whole number from 1 to 10000.\n');
});

test('show and its readers fit in 100 columns, whatever the sentences are', async () => {
  const self = bench();
  const long = 'it was found that this and that is so, which goes on for a while '.repeat(4);
  const id = '8f14e45f-0000-4000-8000-000000000001';
  await self.put(
    healthy('prod/billing/gitlab-deploy', {
      credentials: [
        previous({
          id: '8f14e45f-0000-4000-8000-000000000002',
          problem: { kind: 'revocation-ineffective', detail: long },
        }),
        current({ id, handle: 'gitlab.example.com/projects/1000/77', lastUsedAt: T0 }),
      ],
      attempts: [attempt({ id, state: 'promoted', cause: 'inactive', endedAt: T0 })],
      findings: [open({ detail: long })],
      consumers: [
        {
          name: 'ci',
          kind: 'github',
          target: 'acme/billing:DEPLOY_TOKEN',
          delivery: {
            credentialId: id,
            promotedAt: T0,
            state: 'failed',
            tries: 1,
            problem: { code: 'x', message: long, lasting: true },
          },
        },
      ],
      lastError: { code: 'issuer-refused', message: long, lasting: true },
      purpose: 'CI',
    }),
  );
  const { out } = await self.keyturn('show', 'prod/billing/gitlab-deploy', '--readers');
  for (const line of out.split('\n')) assert.ok(line.length <= 100, `${line.length}: ${line}`);
  assert.match(
    out,
    new RegExp(`^ {2}gitlab.example.com/projects/1000/77 .*\n {4}id ${id}, `, 'm'),
    'names and ids are whole, so that they can be copied',
  );
});
