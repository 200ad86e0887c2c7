import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from '../../functions/core/commands/commands.ts';
import { DAY, MINUTE } from '../../functions/core/basics/time.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { T0 } from '../fakes/tokens.ts';
import { bench, type Bench } from './harness.ts';
import { attempt, current, healthy, previous } from './tokens.ts';
import type { RequestJson } from '../../lib/cli/json/requests.ts';

const ID = 'prod/x-AbC123';

async function tokenWith(change: Partial<Token> = {}): Promise<Bench> {
  const self = bench();
  await self.put(healthy('prod/x', change));
  return self;
}

/** Each sleep is answered by the next change of the record. */
function script(self: Bench, ...changes: ((token: Token) => Token)[]): void {
  self.meanwhile = async () => {
    const next = changes.shift();
    if (next) await self.change(ID, next);
  };
}

test('rotate sends one command to its provider that expires after forty minutes', async () => {
  const self = await tokenWith();
  const { exit, out } = await self.keyturn('rotate', 'prod/x');
  assert.equal(exit, 0);
  assert.deepEqual(self.sent, [
    { provider: 'gitlab', command: { kind: 'rotate', tokenId: ID, notAfter: T0 + 40 * MINUTE } },
  ]);
  assert.equal(
    out,
    'A rotation of prod/x was asked for. Follow it with `keyturn show prod/x`; the request is dropped ' +
      'if it is not taken up by 2026-01-05T09:40:00Z.\n',
  );
});

test('every command that is sent is one the act functions take', async () => {
  const self = await tokenWith({ credentials: [previous(), current()] });
  await self.keyturn('rotate', 'prod/x');
  for (const name of ['rollback', 'revoke']) await self.keyturn(name, 'prod/x', '--yes');
  assert.deepEqual(
    self.sent.map(({ command }) => Command.parse(command).kind),
    ['rotate', 'rollback', 'revoke'],
  );
});

test('rotate --wait ends when the new version is current', async () => {
  const self = await tokenWith({
    attempts: [attempt({ id: 'a-0', state: 'promoted', openedAt: T0 - DAY, tidy: true })],
  });
  script(
    self,
    (token) => ({ ...token, attempts: [...token.attempts, attempt()] }),
    (token) => ({
      ...token,
      attempts: token.attempts.map((one) => (one.id === 'a-1' ? { ...one, state: 'promoted' } : one)),
    }),
  );
  const { exit, out, err } = await self.keyturn('rotate', 'prod/x', '--wait', '--json');
  assert.equal(exit, 0);
  const view: RequestJson = JSON.parse(out);
  assert.equal(view.outcome, 'done');
  assert.match(view.detail, /version a-1 is current/);
  assert.match(err, /Keyturn has not taken up the request yet\.\nThe rotation is under way\.\n/);
});

test('rotate --wait fails when the rotation does, with its reason', async () => {
  const self = await tokenWith();
  script(self, (token) => ({
    ...token,
    attempts: [attempt({ dead: true })],
    lastError: { code: 'issuer-refused', message: 'The issuer said no.', lasting: true },
  }));
  const { exit, out } = await self.keyturn('rotate', 'prod/x', '--wait');
  assert.equal(exit, 1);
  assert.equal(out, 'The rotation of prod/x failed. The issuer said no. Keyturn tries again.\n');
});

test('a rotation that was over before is not taken for the one that was asked for', async () => {
  const self = await tokenWith({
    attempts: [attempt({ state: 'aborted' }), attempt({ id: 'a-2', state: 'promoted' })],
  });
  const { exit, out } = await self.keyturn('rotate', 'prod/x', '--wait', '--timeout', '10s', '--json');
  assert.equal(exit, 1);
  assert.equal(JSON.parse(out).outcome, 'unfinished');
});

test('waiting ends after its time, and not before', async () => {
  const self = await tokenWith();
  let slept = 0;
  self.meanwhile = async (length) => void (slept += length);
  const { exit, out } = await self.keyturn('rotate', 'prod/x', '--wait', '--timeout', '5m');
  assert.equal(exit, 1);
  assert.equal(slept, 5 * MINUTE);
  assert.match(out, /^It has not happened after 5m: Keyturn has not taken up the request yet\./);
});

test('a wrong --timeout is said before anything is sent', async () => {
  const self = await tokenWith();
  assert.equal((await self.keyturn('rotate', 'prod/x', '--wait', '--timeout', 'soon')).exit, 2);
  assert.deepEqual(self.sent, []);
});

test('nothing is asked of a token that is detached or unusable', async () => {
  const gone = await tokenWith({ detachedAt: T0 });
  const bad = await tokenWith({ unusable: 'The secret has no tag keyturn:owner.' });
  assert.equal((await gone.keyturn('rotate', 'prod/x')).exit, 3);
  for (const name of ['rollback', 'revoke'])
    assert.equal((await gone.keyturn(name, 'prod/x', '--yes')).exit, 3);
  assert.match(
    (await bad.keyturn('rotate', 'prod/x')).err,
    /cannot be rotated, as far as is known: The secret has no tag/,
  );
  assert.deepEqual(
    [...gone.sent, ...bad.sent.map(({ command }) => command.kind)],
    ['inspect'],
    'it is only looked at again',
  );
});

test('rollback and revoke do nothing until the name of the token was typed', async () => {
  for (const name of ['rollback', 'revoke']) {
    const self = await tokenWith({ credentials: [previous(), current()] });
    assert.equal((await self.keyturn(name, 'prod/x')).exit, 3, 'nobody can be asked');
    self.answer = 'yes';
    assert.equal((await self.keyturn(name, 'prod/x')).exit, 3, 'something else was typed');
    assert.deepEqual(self.sent, []);
    self.answer = 'prod/x';
    assert.equal((await self.keyturn(name, 'prod/x')).exit, 0);
    assert.equal(self.sent.length, 1);
  }
});

test('rollback names the newest previous credential that may come back, and follows it', async () => {
  const older = previous({ id: 'v-older', versionId: 'v-older', handle: 'gitlab/1', supersededAt: T0 - DAY });
  const withoutGrace = previous({
    id: 'v-bad',
    versionId: 'v-bad',
    handle: 'gitlab/2',
    supersededAt: T0,
    withoutGrace: true,
  });
  const self = await tokenWith({ credentials: [older, previous(), withoutGrace, current()] });
  script(
    self,
    (token) => ({
      ...token,
      credentials: token.credentials.map((one) =>
        one.id === 'v-old' ? { ...one, state: 'rolling-back' } : one,
      ),
    }),
    (token) => ({
      ...token,
      credentials: token.credentials.map((one) =>
        one.id === 'v-old' ? { ...one, state: 'current' } : { ...one, state: 'previous' },
      ),
    }),
  );
  const { exit, out, err } = await self.keyturn('rollback', 'prod/x', '--yes', '--wait');
  assert.equal(exit, 0);
  assert.match(err, /gitlab\/42 becomes current again; gitlab\/77 becomes the previous one/);
  assert.equal(out, 'prod/x was rolled back: gitlab/42 is current again.\n');
});

test('rollback is refused without a previous credential, or during a rotation', async () => {
  const none = await tokenWith();
  assert.match(
    (await none.keyturn('rollback', 'prod/x', '--yes')).err,
    /has no previous credential that is still active: rotate it instead/,
  );
  const busy = await tokenWith({ credentials: [previous(), current()], attempts: [attempt()] });
  const { exit, err } = await busy.keyturn('rollback', 'prod/x', '--yes');
  assert.equal(exit, 3);
  assert.match(err, /is under way: wait until it has ended/);
});

test('revoke of the current credential says that it is replaced first', async () => {
  const self = await tokenWith({ credentials: [previous(), current()] });
  const { err } = await self.keyturn('revoke', 'prod/x', '--yes');
  assert.match(
    err,
    /is the current one\.\nIt is replaced first: .*\nIt is revoked at the issuer without a grace period.*cannot be undone\./,
  );
  assert.deepEqual(self.sent[0]?.command, {
    kind: 'revoke',
    tokenId: ID,
    credentialId: 'v-new',
    notAfter: T0 + 40 * MINUTE,
  });
});

test('revoke takes another credential by its whole id or handle', async () => {
  for (const text of ['v-old', 'gitlab/42']) {
    const self = await tokenWith({ credentials: [previous(), current()] });
    const { exit, err } = await self.keyturn('revoke', 'prod/x', text, '--yes');
    assert.equal(exit, 0, err);
    assert.doesNotMatch(err, /replaced first/);
    assert.equal(self.sent[0]?.command.kind === 'revoke' && self.sent[0].command.credentialId, 'v-old');
  }
});

test('revoke refuses a credential that is unknown, cut short or revoked', async () => {
  const self = await tokenWith({ credentials: [previous({ state: 'ended' }), current()] });
  assert.match((await self.keyturn('revoke', 'prod/x', 'v-old', '--yes')).err, /is already revoked/);
  assert.match(
    (await self.keyturn('revoke', 'prod/x', 'gitlab/7x', '--yes')).err,
    /no credential "gitlab\/7x" on record: write its whole id or handle\. Did you mean gitlab\/77\?/,
  );
  assert.match(
    (await self.keyturn('revoke', 'prod/x', 'v-', '--yes')).err,
    /no credential "v-" on record: write its whole id or handle\. Did you mean v-new\?/,
  );
  assert.deepEqual(self.sent, []);
});

test('revoke --wait ends with the verification, not with the revoke, or fails with the reason', async () => {
  const mark =
    (change: object) =>
    (token: Token): Token => ({
      ...token,
      credentials: token.credentials.map((one) => (one.id === 'v-old' ? { ...one, ...change } : one)),
    });
  const self = await tokenWith({ credentials: [previous(), current()] });
  script(
    self,
    mark({ withoutGrace: true }),
    mark({ state: 'revoking', revokedAt: T0 }),
    mark({ state: 'ended' }),
  );
  const done = await self.keyturn('revoke', 'prod/x', 'v-old', '--yes', '--wait');
  assert.equal(done.exit, 0);
  assert.match(done.out, /is revoked, and the issuer rejects it/);
  assert.match(done.err, /it is verified when the issuer rejects the credential/);
  const held = await tokenWith({ credentials: [previous(), current()] });
  script(
    held,
    mark({
      withoutGrace: true,
      problem: { kind: 'revocation-blocked', detail: 'It is also held by the token other.' },
    }),
  );
  const failed = await held.keyturn('revoke', 'prod/x', 'v-old', '--yes', '--wait');
  assert.equal(failed.exit, 1);
  assert.equal(failed.out, 'It is also held by the token other.\n');
});

test('a record that goes away while it is waited for ends the waiting', async () => {
  const self = await tokenWith();
  self.meanwhile = async () => self.inventory.lose();
  const { exit, out } = await self.keyturn('rotate', 'prod/x', '--wait', '--timeout', '1h');
  assert.equal(exit, 1);
  assert.equal(out, 'The record of prod/x is gone.\n');
});
