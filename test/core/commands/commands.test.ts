import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Command } from '../../../functions/core/commands/commands.ts';

const HEAD = { tokenId: 'prod/app-AbC123', notAfter: 1_000 };
const COMMANDS: readonly Command[] = [
  { ...HEAD, kind: 'settle', attemptId: 'a' },
  { ...HEAD, kind: 'retire', credentialId: 'v' },
  { ...HEAD, kind: 'inspect', secretArn: 'arn' },
  { ...HEAD, kind: 'examine', secretArn: 'arn' },
  { ...HEAD, kind: 'rotate' },
  { ...HEAD, kind: 'rollback', credentialId: 'v' },
  { ...HEAD, kind: 'revoke', credentialId: 'v' },
  { ...HEAD, kind: 'forget', credentialId: 'v', reason: 'its project is deleted' },
  { ...HEAD, kind: 'enable', credentialId: 'v', reason: 'the report was wrong' },
  { ...HEAD, kind: 'withdraw', credentialId: 'v', signal: 'checkout-5xx', firedAt: 900 },
  { ...HEAD, kind: 'end', how: 'retire' },
  { ...HEAD, kind: 'review', decision: 'approved' },
  { ...HEAD, kind: 'compromise', source: 'a scanner', reportedAt: 1 },
  { ...HEAD, kind: 'acknowledge', finding: 'credential-orphaned' },
  { ...HEAD, kind: 'moved', consumer: 'ci', credentialId: 'v' },
  { ...HEAD, kind: 'redeliver', consumer: 'ci', credentialId: 'v' },
  { ...HEAD, kind: 'using', service: 'app', version: '42', credentialId: 'v' },
  { ...HEAD, kind: 'released', service: 'app', version: '42' },
  { ...HEAD, kind: 'accept', subject: 'role/laptop' },
  { ...HEAD, kind: 'test-alert' },
  { ...HEAD, kind: 'confirm-host', provider: 'gitlab', host: 'git.example.com:8443' },
];

describe('commands', () => {
  it('are these', () =>
    assert.deepEqual(
      COMMANDS.map(({ kind }) => kind).toSorted(),
      Command.options.map((option) => option.shape.kind.value).toSorted(),
    ));

  for (const command of COMMANDS)
    it(`${command.kind} is read back as it was sent, and with nothing left out or added`, () => {
      assert.deepEqual(Command.parse(JSON.parse(JSON.stringify(command))), command);
      for (const key of Object.keys(command).filter((one) => one !== 'finding'))
        assert.equal(Command.safeParse({ ...command, [key]: undefined }).success, false, key);
      assert.equal(Command.safeParse({ ...command, force: true }).success, false);
    });

  it('take a host as addresses name it, and nothing around it', () => {
    const sent = (host: string): boolean =>
      Command.safeParse({ ...HEAD, kind: 'confirm-host', provider: 'gitlab', host }).success;
    for (const host of ['git.example.com', 'git.example.com:8443', '10.0.0.7', '[fd12::7]:8443'])
      assert.ok(sent(host), host);
    for (const host of [
      '',
      'https://git.example.com',
      'git.example.com/',
      'git.example.com/gitlab',
      'Git.example.com',
      'a@b',
      '*.example.com',
      'a b',
      'a:0',
      'a:',
      '.a',
      'a.',
    ])
      assert.ok(!sent(host), host);
  });

  it('say where to look, never what is so: none carries a handle, a state or a value', () => {
    const fields = new Set(Command.options.flatMap((option) => Object.keys(option.shape)));
    const reports = ['exposedAt', 'fingerprint', 'held', 'reason', 'reportedAt', 'scopes', 'source'];
    assert.deepEqual(
      [...fields].toSorted(),
      [
        'attemptId',
        'consumer',
        'decision',
        'finding',
        'firedAt',
        'credentialId',
        'host',
        'how',
        'kind',
        'notAfter',
        'provider',
        'secretArn',
        'service',
        'signal',
        'subject',
        'tokenId',
        'version',
        ...reports,
      ].toSorted(),
    );
  });
});
