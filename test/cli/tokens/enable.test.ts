import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from '../../../functions/core/commands/commands.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { T0 } from '../../fakes/tokens.ts';
import { bench, type Bench } from '../harness.ts';
import { current, healthy, previous } from '../tokens.ts';

async function benchWith(fields: Partial<Credential> = {}): Promise<Bench> {
  const self = bench();
  const disabled: Credential = {
    ...previous(),
    state: 'revoking',
    withoutGrace: true,
    disabledAt: T0,
    ...fields,
  };
  await self.put(healthy('prod/x', { credentials: [disabled, current()] }));
  return self;
}

test('enable asks for one disabled credential by its whole name, with a reason', async () => {
  const self = await benchWith();
  const { exit } = await self.keyturn('enable', 'prod/x', previous().id, '--reason', 'a test value', '--yes');
  assert.equal(exit, 0);
  assert.deepEqual(
    self.sent
      .map(({ command }) => Command.parse(command))
      .map((one) => one.kind === 'enable' && [one.credentialId, one.reason]),
    [[previous().id, 'a test value']],
  );
});

for (const [what, args, said, fields] of [
  ['no reason', [previous().id, '--yes'], /--reason/, {}],
  ['no credential', ['--yes', '--reason', 'gone'], /Name the credential/, {}],
  ['the current credential', [current().id, '--yes', '--reason', 'gone'], /is not disabled/, {}],
  [
    'one that is being revoked',
    [previous().id, '--yes', '--reason', 'gone'],
    /nothing brings it back/,
    { revokedAt: 1 },
  ],
] as const)
  test(`enable with ${what} sends nothing and says what to write`, async () => {
    const self = await benchWith(fields);
    const { exit, err } = await self.keyturn('enable', 'prod/x', ...args);
    assert.notEqual(exit, 0);
    assert.match(err, said);
    assert.deepEqual(self.sent, []);
  });

test('show calls it disabled, and says until when and what takes that back', async () => {
  const self = await benchWith();
  const { out } = await self.keyturn('show', 'prod/x');
  assert.match(out, /gitlab\/42\s+disabled/);
  assert.match(out, /keyturn\s+enable/);
});
