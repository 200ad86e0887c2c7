import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ENDINGS } from '../../functions/core/assessment/endings.ts';
import { allCommands } from '../../lib/cli/command-line/commands.ts';
import { endingBlocks } from '../../lib/docs/endings.ts';
import { faultsOf, mentionsIn } from './mentions.ts';

const COMMANDS = await allCommands();

it('every finding has a block that tells its end, who has to act, and with which command', () => {
  assert.deepEqual(
    Object.keys(endingBlocks()),
    Object.keys(ENDINGS).map((kind) => `ends-${kind}`),
  );
  assert.equal(
    endingBlocks()['ends-revocation-ineffective']?.(),
    'The issuer rejects the credential. Keyturn looks every 15m. Otherwise the operator runs `npx --no ' +
      'keyturn forget TOKEN CREDENTIAL`.',
  );
  assert.match(endingBlocks()['ends-kms-key-unusable']?.() ?? '', / runs `aws kms enable-key/);
});

it('every command of Keyturn that ends something is there, with the options that are named', () => {
  const mentions = Object.values(ENDINGS).flatMap(({ command }) => mentionsIn(`\`${command}\``));
  assert.ok(mentions.length > 20);
  assert.deepEqual(
    mentions.flatMap((mention) => faultsOf(mention, COMMANDS)),
    [],
  );
});
