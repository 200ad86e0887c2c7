import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOME } from '../../detect/events.ts';
import { FOREIGN_KEY, OWN_KEY, changes, words, type Fields } from './change-cases.ts';

test('a KMS key of another account is reported as that, in every form of its name', () => {
  for (const kmsKeyId of [
    FOREIGN_KEY,
    'arn:aws:kms:eu-west-1:999988887777:alias/theirs',
    'arn:aws-us-gov:kms:us-gov-west-1:999988887777:key/mrk-1',
  ]) {
    assert.deepEqual(changes('UpdateSecret', { kmsKeyId }), ['key critical'], kmsKeyId);
    assert.match(words('UpdateSecret', { kmsKeyId }), /foreign account 999988887777/);
    assert.deepEqual(
      changes('ReplicateSecretToRegions', {
        addReplicaRegions: [{ region: 'us-east-1' }, { region: 'us-east-2', kmsKeyId }],
      }),
      ['replicas critical'],
      kmsKeyId,
    );
  }
  for (const kmsKeyId of [
    OWN_KEY,
    'alias/aws/secretsmanager',
    '1234abcd-12ab-34cd-56ef-1234567890ab',
    `arn:aws:kms:eu-west-1:${HOME.account}:alias/ours`,
  ])
    assert.deepEqual(changes('UpdateSecret', { kmsKeyId }), ['key warning'], kmsKeyId);
});

test('a policy that admits another account is critical; one of its own account is a warning', () => {
  const policy = (principal: unknown, more: Fields = {}): Fields => ({
    resourcePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: principal, Action: 'secretsmanager:*', Resource: '*', ...more },
      ],
    }),
  });
  assert.deepEqual(changes('PutResourcePolicy', policy({ AWS: 'arn:aws:iam::999988887777:role/x' })), [
    'policy critical',
  ]);
  assert.match(
    words('PutResourcePolicy', policy({ AWS: ['arn:aws:iam::999988887777:role/x'] })),
    /lets in others: 999988887777$/,
  );
  assert.match(words('PutResourcePolicy', policy('*')), /lets in everybody$/);
  assert.deepEqual(changes('PutResourcePolicy', policy({ AWS: `arn:aws:iam::${HOME.account}:role/x` })), [
    'policy warning',
  ]);
  assert.deepEqual(changes('PutResourcePolicy', policy('*', { Effect: 'Deny' })), ['policy warning']);
  assert.deepEqual(changes('PutResourcePolicy'), ['policy warning'], 'a policy that the event does not show');
  assert.deepEqual(changes('DeleteResourcePolicy'), ['policy warning']);
  assert.match(words('DeleteResourcePolicy'), /removed its resource policy/);
});
