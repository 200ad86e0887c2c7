import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from '../../../functions/core/commands/commands.ts';
import { bench, type Bench } from '../harness.ts';
import { current, healthy, previous } from '../tokens.ts';

async function benchWithToken(): Promise<Bench> {
  const self = bench();
  await self.put(healthy('prod/x', { credentials: [previous(), current()] }));
  return self;
}

test('forget asks for one credential by its whole name, with a reason', async () => {
  const self = await benchWithToken();
  const { exit } = await self.keyturn(
    'forget',
    'prod/x',
    previous().id,
    '--reason',
    'its project is deleted',
    '--yes',
  );
  assert.equal(exit, 0);
  assert.deepEqual(
    self.sent
      .map(({ command }) => Command.parse(command))
      .map((one) => one.kind === 'forget' && [one.credentialId, one.reason]),
    [[previous().id, 'its project is deleted']],
  );
});

test('forget asks on a terminal for a missing reason before it asks for the name of the token', async () => {
  const self = await benchWithToken();
  self.answer = 'prod/x';
  const { exit } = await self.keyturn('forget', 'prod/x', previous().id);
  assert.equal(exit, 0);
  assert.deepEqual(self.questions, ['Why? ', "Type the token's name (prod/x) to go on: "]);
  assert.deepEqual(
    self.sent.map(({ command }) => command.kind === 'forget' && command.reason),
    ['prod/x'],
  );
});

for (const [what, args, said] of [
  ['no reason', [previous().id, '--yes'], /--reason/],
  ['a long reason', [previous().id, '--yes', '--reason', 'x'.repeat(501)], /at most 500/],
  ['no credential', ['--yes', '--reason', 'gone'], /Name the credential/],
  ['the beginning of a name', [previous().id.slice(0, 2), '--yes', '--reason', 'gone'], /whole id or handle/],
  ['the current credential', [current().id, '--yes', '--reason', 'gone'], /is the current one/],
] as const)
  test(`forget with ${what} sends nothing and says what to write`, async () => {
    const self = await benchWithToken();
    const { exit, err } = await self.keyturn('forget', 'prod/x', ...args);
    assert.notEqual(exit, 0);
    assert.match(err, said);
    assert.deepEqual(self.sent, []);
  });

test('show tells what was forgotten, by whom and why', async () => {
  const self = bench();
  await self.put(
    healthy('prod/x', {
      credentials: [
        { ...previous(), state: 'ended', forgotten: { at: 1, by: 'ana', reason: 'its project is deleted' } },
        current(),
      ],
    }),
  );
  const { out } = await self.keyturn('show', 'prod/x');
  assert.match(out, /forgotten {2}.*\n.*\n {4}Forgotten by ana .* ago: its project is deleted/);
});

test('forget takes the id of a rotation whose creation had no answer, and says what that means', async () => {
  const self = bench();
  const lost = {
    id: 'r1',
    cause: 'due',
    state: 'aborted',
    openedAt: 1,
    deadline: 1,
    endedAt: 1,
    tidy: false,
  } as const;
  await self.put(healthy('prod/x', { attempts: [{ ...lost, mints: [{ at: 1 }] }] }));
  const { exit, err } = await self.keyturn(
    'forget',
    'prod/x',
    'r1',
    '--reason',
    'its project is deleted',
    '--yes',
  );
  assert.equal(exit, 0);
  assert.match(err, /the rotation r1\. What it may have left is not revoked, and may stay active/);
  assert.deepEqual(
    self.sent
      .map(({ command }) => Command.parse(command))
      .map((one) => one.kind === 'forget' && one.credentialId),
    ['r1'],
  );
});
