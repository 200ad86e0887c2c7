import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { LEARNT } from '../detect/habits.ts';
import { T0 } from '../fakes/tokens.ts';
import { bench, type Bench } from './harness.ts';
import { attempt, current, healthy, open, previous } from './tokens.ts';

const ID = 'prod/x-AbC123';

async function tokenWith(change: Partial<Token> = {}): Promise<Bench> {
  const self = bench();
  await self.put(healthy('prod/x', change));
  return self;
}

function ended(token: Token): Token {
  return {
    ...token,
    detachedAt: T0,
    ending: { kind: 'retire', askedAt: T0, by: 'x', endedAt: T0 },
    credentials: token.credentials.map((one) => ({ ...one, state: 'ended' })),
  };
}

test('retire shows users and what is revoked, asks for the name, and sends one command', async () => {
  const self = await tokenWith({
    credentials: [previous(), current()],
    use: { since: T0 - 9 * DAY, last: T0 - HOUR },
  });
  self.answer = 'prod/x';
  const [reader] = LEARNT.readers;
  assert.ok(reader);
  const many = Array.from({ length: 10 }, (_, index) => ({
    ...reader,
    id: `role/r${index}`,
    lastAt: T0 - (index + 1) * HOUR,
    known: index > 0,
  }));
  await self.inventory.saveBaseline({ ...LEARNT, tokenId: ID, readers: many }, 0);
  const { exit, out, err } = await self.keyturn('retire', 'prod/x');
  assert.equal(exit, 0);
  assert.match(
    err,
    /^Read by: role\/r0 \(60m ago, not known\), role\/r1 \(2h ago\), .*role\/r7 \(8h ago\) and 2 more\.$/m,
  );
  assert.match(err, /^Last use of prod\/x at its issuer: 2026-01-05T08:00:00Z \(60m ago\)\.$/m);
  assert.match(err, /These credentials are revoked: gitlab\/42 \(previous\), gitlab\/77 \(current\)\./);
  assert.match(err, /cannot be undone\./);
  assert.match(self.questions[0] ?? '', /prod\/x/);
  assert.match(out, /^Keyturn was asked to retire prod\/x\./);
  assert.deepEqual(self.sent, [
    { provider: 'gitlab', command: { kind: 'end', how: 'retire', tokenId: ID, notAfter: T0 + 40 * MINUTE } },
  ]);
});

test('nothing is sent without a confirmation', async () => {
  const self = await tokenWith();
  self.answer = 'prod/y';
  assert.equal((await self.keyturn('retire', 'prod/x')).exit, 3);
  self.answer = undefined;
  for (const name of ['retire', 'detach']) assert.equal((await self.keyturn(name, 'prod/x')).exit, 3);
  assert.deepEqual(self.sent, []);
});

test('the secret is scheduled for deletion only once all is verified as revoked', async () => {
  const self = await tokenWith();
  const deleted: [string, number][] = [];
  self.secrets = { ...self.secrets, scheduleDeletion: async (name, days) => void deleted.push([name, days]) };
  const steps = [
    (token: Token): Token => ({ ...token, ending: { kind: 'retire', askedAt: T0, by: 'x' } }),
    ended,
  ];
  self.meanwhile = async () => {
    assert.deepEqual(deleted, []);
    const next = steps.shift();
    if (next) await self.change(ID, next);
  };
  const { exit, out, err } = await self.keyturn('retire', 'prod/x', '--delete-secret', '--yes');
  assert.equal(exit, 0);
  assert.match(err, /Not revoked yet: gitlab\/77\./);
  assert.match(out, /is retired: every credential of it is revoked\. The secret will be deleted in 30 days/);
  assert.deepEqual(deleted, [['arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/x-AbC123', 30]]);
});

test('what keeps a credential active is said, and the secret stays', async () => {
  const self = await tokenWith();
  self.secrets = { ...self.secrets, scheduleDeletion: async () => assert.fail('the secret was deleted') };
  const problem = { kind: 'revocation-blocked', detail: 'It is also held by the token other.' } as const;
  self.meanwhile = () =>
    self.change(ID, (token) => ({
      ...token,
      ending: { kind: 'retire', askedAt: T0, by: 'x' },
      credentials: [current({ problem })],
    }));
  const { exit, out } = await self.keyturn('retire', 'prod/x', '--delete-secret', '--yes');
  assert.equal(exit, 1);
  assert.match(out, /^It is also held by the token other\. prod\/x stays retiring/);
});

test('a token whose secret is gone can be retired while something of it lives', async () => {
  const gone = await tokenWith({
    detachedAt: T0,
    deletion: { at: T0, gone: true },
    findings: [open({ kind: 'secret-deleted' })],
  });
  assert.equal((await gone.keyturn('retire', 'prod/x', '--yes')).exit, 0);
  assert.match((await gone.keyturn('status')).out, /^prod\/x +detached.*secret-deleted!/m);
  const spent = await tokenWith({ detachedAt: T0, credentials: [] });
  assert.match((await spent.keyturn('retire', 'prod/x', '--yes')).err, /every credential of it is revoked/);
  const done = bench();
  await done.put(ended(healthy('prod/x')));
  assert.match((await done.keyturn('retire', 'prod/x', '--yes')).err, /was retired 2026-01-05/);
  assert.match(
    (await done.keyturn('rotate', 'prod/x')).err,
    /^prod\/x was retired at 2026-01-05T.*every credential of it is revoked/,
  );
  assert.match((await done.keyturn('status', '--all')).out, /^prod\/x +retired/m);
});

test('detach says what stays active, and is refused in the middle of something', async () => {
  const self = await tokenWith({ credentials: [previous(), current()] });
  const { exit, err } = await self.keyturn('detach', 'prod/x', '--yes');
  assert.equal(exit, 0);
  assert.match(err, /stay active until you revoke them at the issuer: gitlab\/42, gitlab\/77\./);
  assert.deepEqual(self.sent[0]?.command, {
    kind: 'end',
    how: 'detach',
    tokenId: ID,
    notAfter: T0 + 40 * MINUTE,
  });
  const letGo = await tokenWith({
    detachedAt: T0,
    ending: { kind: 'detach', askedAt: T0, by: 'x', endedAt: T0 },
  });
  assert.match((await letGo.keyturn('rotate', 'prod/x')).err, /^prod\/x was detached at .*register it again/);
  const busy = await tokenWith({ attempts: [attempt()] });
  assert.match((await busy.keyturn('detach', 'prod/x', '--yes')).err, /a rotation is under way/);
  assert.deepEqual(busy.sent, []);
});

test('detach --all sends to each that is idle and names the others, also in its exit status', async () => {
  const self = bench();
  await self.put(
    healthy('a'),
    healthy('b', { attempts: [attempt()] }),
    healthy('c', { credentials: [previous({ state: 'revoking' }), current()] }),
    healthy('d', { provider: 'okta' }),
    healthy('e', { detachedAt: T0 }),
  );
  self.answer = 'main';
  const { exit, out, err } = await self.keyturn('detach', '--all');
  assert.equal(exit, 3);
  assert.match(out, /^2 tokens asked to be detached, 2 left out\./);
  assert.match(err, /^b is left out: a rotation is under way/m);
  assert.match(err, /^c is left out: an old credential is being revoked/m);
  assert.deepEqual(
    self.sent.map(({ provider, command }) => `${provider} ${command.tokenId}`),
    ['gitlab a-AbC123', 'okta d-AbC123'],
  );
  const { tokens: views }: { tokens: { name: string; outcome: string; active: string[] }[] } = JSON.parse(
    (await self.keyturn('detach', '--all', '--yes', '--json')).out,
  );
  assert.deepEqual(
    views.map((one) => [one.name, one.outcome]),
    [
      ['a', 'asked'],
      ['d', 'asked'],
      ['b', 'left out'],
      ['c', 'left out'],
    ],
  );
  assert.equal((await self.keyturn('detach', 'a', '--all', '--yes')).exit, 2);
});
