import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { INSTALLATION_RECORD_ID } from '../../../functions/core/inventory/installation.ts';
import { bench, type Bench } from '../harness.ts';

async function wrong(desk: Bench, argv: string[], said: RegExp): Promise<void> {
  const { exit, err } = await desk.keyturn(...argv);
  assert.equal(exit, 2, argv.join(' '));
  assert.match(err, said);
  assert.deepEqual(desk.sent, []);
}

describe('keyturn confirm-host', () => {
  it('asks for the host once more and sends the request to the provider', async () => {
    const desk = bench();
    desk.answer = 'git.example.com';
    const { exit, out } = await desk.keyturn('confirm-host', 'gitlab', 'git.example.com');
    assert.equal(exit, 0, out);
    assert.deepEqual(
      desk.sent.map(({ provider, command: { notAfter: _when, ...command } }) => [provider, command]),
      [
        [
          'gitlab',
          {
            kind: 'confirm-host',
            tokenId: INSTALLATION_RECORD_ID,
            provider: 'gitlab',
            host: 'git.example.com',
          },
        ],
      ],
    );
  });

  it('sends nothing for another answer, an unknown issuer, or what is no host', async () => {
    const desk = bench();
    desk.answer = 'git.example.org';
    assert.notEqual((await desk.keyturn('confirm-host', 'gitlab', 'git.example.com')).exit, 0);
    assert.deepEqual(desk.sent, []);
    await wrong(desk, ['confirm-host', 'gitlub', 'git.example.com', '--yes'], /no issuer "gitlub".*gitlab/);
    for (const host of ['https://git.example.com', 'git.example.com/x', 'a@b'])
      await wrong(desk, ['confirm-host', 'gitlab', host, '--yes'], /is no host: write a name/);
    await wrong(desk, ['confirm-host', 'gitlab'], /Which issuer, and which host/);
  });
});
