import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { T0 } from '../../fakes/tokens.ts';
import { bench } from '../harness.ts';
import { attempt, current, healthy, open, previous } from '../tokens.ts';
import type { StatusRowJson, TokenJson } from '../../../lib/cli/json/tokens.ts';

async function zoo() {
  const self = bench();
  await self.put(
    healthy('a-ok'),
    healthy('b-grace', { credentials: [previous(), current()] }),
    healthy('c-rotating', { attempts: [attempt()] }),
    healthy('d-failing', {
      failures: 2,
      failedAt: T0,
      findings: [open({ kind: 'rotation-failed', severity: 'warning' })],
    }),
    healthy('e-laggards', { credentials: [previous(), current()], findings: [open()] }),
    healthy('f-new', { credentials: [] }),
    healthy('g-expired', {
      credentials: [current({ expiresAt: T0 - DAY })],
      findings: [open({ kind: 'token-expired' })],
    }),
    healthy('h-refused', { refusedSince: T0 - HOUR }),
    healthy('i-unusable', { unusable: 'The secret has no tag keyturn:owner.' }),
    healthy('j-gone', { detachedAt: T0 - DAY }),
    healthy('k-stuck', { attempts: [attempt({ openedAt: T0 - DAY, deadline: T0 - DAY })] }),
    healthy('l-retiring', { credentials: [previous({ state: 'revoking' }), current()] }),
  );
  return self;
}

test('status lists every token once, the worst first, and says its state in words', async () => {
  const { exit, out } = await (await zoo()).keyturn('status');
  assert.equal(exit, 0);
  const lines = out.trimEnd().split('\n');
  const seen = lines.slice(1, -2).map((line) => line.split(/ {2,}/).slice(0, 2).join('|'));
  assert.deepEqual(seen, [
    'h-refused|rejected',
    'g-expired|expired',
    'e-laggards|in grace period',
    'i-unusable|secret unusable',
    'd-failing|rotation failed',
    'k-stuck|rotation stuck',
    'f-new|no credential yet',
    'c-rotating|rotating',
    'l-retiring|revoking',
    'b-grace|in grace period',
    'a-ok|ok',
  ]);
  assert.match(lines.at(-1) ?? '', /^11 tokens, 2 critical findings, 1 warning\.$/);
});

test('a row tells findings, expiry, next rotation and age', async () => {
  const self = bench();
  await self.put(
    healthy('prod/x', {
      findings: [
        open({ kind: 'credential-limit-reached', severity: 'warning' }),
        open(),
        open({ kind: 'token-expiring', state: 'resolved' }),
      ],
    }),
  );
  const { out } = await self.keyturn('status');
  assert.match(
    out,
    /^prod\/x +ok +active +previous-credential-in-use! credential-limit-reached +in 57d +in 27d +3d +gitlab +team-billing +production$/m,
  );
});

test('status --json lists tokens with stable fields', async () => {
  const self = bench();
  await self.put(healthy('prod/x', { findings: [open()] }));
  const { out } = await self.keyturn('status', '--json');
  const {
    tokens: [view, ...rest],
  }: { tokens: StatusRowJson[] } = JSON.parse(out);
  assert.equal(rest.length, 0);
  assert.deepEqual(Object.keys(view ?? {}), [
    'id',
    'name',
    'issuer',
    'owner',
    'environment',
    'state',
    'validity',
    'issuedAt',
    'expiresAt',
    'nextRotation',
    'worst',
    'findings',
  ]);
  assert.equal(view?.worst, 'critical');
  assert.equal(view?.expiresAt, '2026-03-03T09:00:00Z');
  assert.deepEqual(view?.nextRotation, { kind: 'at', at: '2026-02-01T09:00:00Z' });
  assert.equal(view?.findings[0]?.runbook, 'runbook-previous-credential-in-use');
});

test('a row tells whether the token is active, inactive or unknown', async () => {
  const self = bench();
  await self.put(
    healthy('a'),
    healthy('b', { refusedSince: T0 }),
    healthy('c', { validity: { at: T0, outcome: 'unknown', reason: 'no route' } }),
    healthy('d', { activeAt: T0 - 2 * DAY }),
    healthy('e', { credentials: [] }),
  );
  const { tokens: views }: { tokens: StatusRowJson[] } = JSON.parse(
    (await self.keyturn('status', '--json')).out,
  );
  assert.deepEqual(Object.fromEntries(views.map((one) => [one.name, one.validity])), {
    a: 'active',
    b: 'inactive',
    c: 'unknown',
    d: 'unknown',
    e: null,
  });
  assert.match((await self.keyturn('status')).out, /^c +ok +unknown/m);
});

test('an empty installation prints an empty list, and a sentence for people', async () => {
  assert.equal(
    (await bench().keyturn('status', '--json')).out,
    `${JSON.stringify({ schema: 1, tokens: [] }, null, 2)}\n`,
  );
  assert.match((await bench().keyturn('status')).out, /^No tokens\. Register/);
});

test('--exit-code answers 5 for open critical findings among those shown, and only then', async () => {
  const self = await zoo();
  assert.equal((await self.keyturn('status', '--exit-code')).exit, 5);
  const calm = bench();
  await calm.put(healthy('a', { findings: [open({ severity: 'warning' }), open({ state: 'resolved' })] }));
  assert.equal((await calm.keyturn('status', '--exit-code')).exit, 0);
});

test('filters narrow, --all shows detached tokens', async () => {
  const self = bench();
  await self.put(
    healthy('a', { owner: 'x' }),
    healthy('b', { provider: 'okta' }),
    healthy('c', { detachedAt: T0 }),
  );
  const names = async (...args: string[]): Promise<string[]> =>
    JSON.parse((await self.keyturn('status', '--json', ...args)).out).tokens.map(
      (view: StatusRowJson) => view.name,
    );
  assert.deepEqual(await names('--owner', 'x'), ['a']);
  assert.deepEqual(await names('--issuer=okta'), ['b']);
  assert.deepEqual(await names('--all'), ['a', 'b', 'c']);
});

test('a record that cannot be read fails the command and does not hide the others', async () => {
  const self = bench();
  await self.put(healthy('a'));
  const all = self.inventory.all.bind(self.inventory);
  self.inventory.all = async function* () {
    yield* all();
    throw new KeyturnError('record-invalid', 'The record of b cannot be read.');
  };
  const { exit, out, err } = await self.keyturn('status');
  assert.equal(exit, 1);
  assert.match(out, /^a /m);
  assert.match(err, /The record of b cannot be read\./);
});

test('an inventory that is not complete is said to be', async () => {
  const self = bench();
  assert.match((await self.keyturn('status')).err, /not known to be complete/);
  await self.inventory.beginRebuild(T0);
  await self.inventory.completeRebuild();
  assert.equal((await self.keyturn('status')).err, '');
});

test('in a narrow window long names are cut and lines still fit', async () => {
  const self = bench();
  self.columns = 100;
  await self.put(healthy(`prod/${'long/'.repeat(20)}x`, { owner: 'a-team-with-a-very-long-name-indeed' }));
  const { out } = await self.keyturn('status');
  for (const line of out.split('\n').slice(0, 2)) assert.ok(line.length <= 100, line);
  assert.match(out, /…/);
});

test('control characters in what owners wrote do not reach the terminal', async () => {
  const self = bench();
  await self.put(healthy('prod/x', { owner: '\u001b[2Jevil\r\n', environment: '\u202eprod' }));
  const { out } = await self.keyturn('status');
  assert.doesNotMatch(out.replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
});

test('status says where inspections wait because an issuer bears no more', async () => {
  const self = bench();
  await self.put(
    healthy('a', { inspectionAt: T0 + 5 * HOUR }),
    healthy('b', { inspectionAt: T0 + 9 * HOUR }),
    healthy('c', { inspectionAt: T0 + MINUTE }),
    healthy('d'),
  );
  const { err } = await self.keyturn('status');
  assert.match(
    err,
    /^.*Inspections of gitlab wait in line: 2 tokens, the last one in 9h\. The setting issuers\.gitlab\.maxConcurrency says how many requests its issuers take at once\.$/m,
  );
});

test(
  'that alerts reach no address is said until a pass of reconcile has looked, to a caller who may see the ' +
    'subscriptions',
  async () => {
    const self = bench();
    await self.put(healthy('a'));
    const known = await self.topics.list();
    assert.doesNotMatch((await self.keyturn('status')).err, /Alerts reach no address/);
    const chat = {
      topic: 't',
      protocol: 'sqs',
      endpoint: 'arn:aws:sqs:eu-west-1:111122223333:keyturn-main-chat',
      state: 'confirmed',
      isAuthenticated: true,
    } as const;
    const waiting = { ...chat, protocol: 'email', endpoint: 'ops@example.com', state: 'waiting' } as const;
    self.topics = { ...self.topics, list: async () => [chat, waiting] };
    assert.match(
      (await self.keyturn('status')).err,
      /Alerts reach no address: no subscription to them is confirmed/,
    );
    assert.doesNotMatch(
      (await self.keyturn('status', '--owner', 'team-billing')).err,
      /Alerts reach no address/,
    );
    await self.inventory.notePass({ index: 1, startedAt: T0 - HOUR });
    self.topics = { ...self.topics, list: () => assert.fail('what a pass has seen is not asked for again') };
    assert.doesNotMatch((await self.keyturn('status')).err, /Alerts reach no address/);
    await self.inventory.notePass({ index: 1, startedAt: T0 - 9 * HOUR });
    self.topics = { ...self.topics, list: async () => [chat, ...known] };
    assert.doesNotMatch((await self.keyturn('status')).err, /Alerts reach no address/);
    self.topics = {
      ...self.topics,
      list: () =>
        Promise.reject(new KeyturnError('aws-failed', 'AWS did not do sns:ListSubscriptionsByTopic.')),
    };
    const { exit, err } = await self.keyturn('status');
    assert.equal(exit, 0);
    assert.doesNotMatch(err, /reach no address|sns/);
  },
);

test('a line tells which credential is disabled, since when, and when it is revoked', async () => {
  const off = previous({ state: 'revoking', withoutGrace: true, disabledAt: T0 - 3 * HOUR });
  const self = bench();
  await self.put(
    healthy('prod/x', { credentials: [off, current()] }),
    healthy('prod/y', {
      credentials: [off, current()],
      policy: { ...DEFAULT_POLICY, disableWait: HOUR },
    }),
    healthy('prod/z', { credentials: [{ ...off, revokedAt: T0 }, current()] }),
  );
  const { out } = await self.keyturn('status');
  assert.match(
    out,
    /^prod\/x: gitlab\/42 was disabled at its issuer 3h ago\. It is revoked in 21h, or earlier where its slot is needed\.$/m,
  );
  assert.match(out, /^prod\/y: gitlab\/42 was disabled at its issuer 3h ago\. It is to be revoked now\.$/m);
  assert.doesNotMatch(out, /^prod\/z:/m);
  const shown = await self.keyturn('show', 'prod/x');
  assert.match(
    shown.out,
    /It is revoked in 21h, or earlier where its slot is needed\. If the report is wrong/,
  );
  const view: TokenJson = JSON.parse((await self.keyturn('show', 'prod/y', '--json')).out);
  assert.deepEqual(
    view.credentials.map((one) => one.disabledUntil),
    ['2026-01-05T07:00:00Z', null],
  );
});
