import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { MINUTE } from '../../functions/core/basics/time.ts';

test('the command says what is wrong with a flag in one line, and runs nothing', () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [main, '--classes', '--provider', 'gitlab', '--no-bundles', '--every', '999999'],
    { encoding: 'utf8', timeout: MINUTE },
  );
  assert.deepEqual(
    [status, stderr, stdout],
    [1, '--classes chooses the providers itself: leave out --classes or --provider.\n', ''],
  );
});
