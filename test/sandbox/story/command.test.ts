import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from '../../../lib/sandbox/story/command.ts';
import type { Terminal } from '../../../lib/sandbox/story/display.ts';

async function run(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const to = (write: (text: string) => void): Terminal => ({
    write,
    columns: () => undefined,
    hasColors: false,
  });
  const status = await main(argv, {
    out: to((text) => void (out += text)),
    err: to((text) => void (err += text)),
  });
  return { status, out, err };
}

test('the help says what can be taken out', async () => {
  const { status, out } = await run('--help');
  assert.equal(status, 0);
  assert.match(out, /--without grace\|evidence/);
});

const WRONG: readonly [argv: string[], sentence: RegExp][] = [
  [['--without', 'luck'], /^--without is "luck": write grace or evidence\.\n$/],
  [['--port', '70000'], /^--port is "70000": write a number from 1 to 65535\.\n$/],
  [['--once', 'now'], /--help\.\n$/],
];
for (const [argv, sentence] of WRONG) {
  test(`${argv.join(' ')} is refused with status 2 and nothing on standard output`, async () => {
    const { status, out, err } = await run(...argv);
    assert.deepEqual({ status, out }, { status: 2, out: '' });
    assert.match(err, sentence);
  });
}
