import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ENDINGS } from '../../functions/core/endings.ts';
import { COMMANDS } from '../../lib/cli/main.ts';
import { endingBlocks } from '../../lib/docs/endings.ts';

it('every finding has a block that tells its end, who has to act, and with which command', () => {
  assert.deepEqual(Object.keys(endingBlocks()), Object.keys(ENDINGS).map((kind) => `ends-${kind}`));
  assert.equal(endingBlocks()['ends-not-dead']?.(), 'Ends by itself when the issuer refuses the credential; looked at every 15m. Otherwise the operator: `npx keyturn forget TOKEN GENERATION --reason TEXT`.');
  assert.match(endingBlocks()['ends-key-disabled']?.() ?? '', /: `aws kms enable-key/);
});

it('every command of Keyturn that ends something is there, with the options that are named', () => {
  for (const { command } of Object.values(ENDINGS)) {
    const [tool, name, ...rest] = command.split(' ');
    if (tool !== 'keyturn') continue;
    const found = COMMANDS.find((one) => one.name === name);
    assert.ok(found, command);
    for (const option of rest.filter((one) => one.startsWith('--'))) assert.ok(option.slice(2) in found.options, `${command}: ${option}`);
    assert.ok(rest.filter((one) => /^[A-Z]+$/.test(one) && one !== 'TEXT').length <= found.takes, command);
  }
});
