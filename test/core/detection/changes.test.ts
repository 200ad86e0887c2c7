import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { ARN, HOME, accesses } from '../../detect/events.ts';

type Fields = Readonly<Record<string, unknown>>;

const FOREIGN_KEY = 'arn:aws:kms:eu-west-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const OWN_KEY = FOREIGN_KEY.replace('999988887777', HOME.account);

/** What a call is said to have changed: subject and severity of each thing. */
function changes(
  eventName: string,
  parameters: Fields = {},
  responseElements: unknown = { arn: ARN, name: 'prod/billing/ci' },
): string[] {
  return accesses({
    eventName,
    requestParameters: { secretId: ARN, ...parameters },
    responseElements,
  }).flatMap((one) => one.changes.map(({ subject, severity }) => `${subject} ${severity}`));
}

function words(eventName: string, parameters: Fields = {}, responseElements: unknown = { arn: ARN }): string {
  return accesses({ eventName, requestParameters: { secretId: ARN, ...parameters }, responseElements })
    .flatMap((one) => one.changes.map(({ what }) => what))
    .join('; ');
}

test('UpdateSecret changed the value only where a version was made, and what else it names', () => {
  assert.deepEqual(
    changes('UpdateSecret', { description: 'whose it is', clientRequestToken: 'made-by-the-sdk' }),
    ['description info'],
  );
  assert.deepEqual(changes('UpdateSecret', {}, { arn: ARN, versionId: 'v9' }), ['value warning']);
  assert.deepEqual(
    changes('UpdateSecret', { description: 'x', kmsKeyId: OWN_KEY }, { arn: ARN, versionId: 'v9' }),
    ['value warning', 'key warning', 'description info'],
  );
  assert.deepEqual(changes('UpdateSecret', { secretString: 'HIDDEN_DUE_TO_SECURITY_REASONS' }, null), [
    'value warning',
  ]);
  assert.deepEqual(
    changes('UpdateSecret', {}, null),
    ['value warning'],
    'without an answer to read it may have',
  );
  assert.deepEqual(changes('UpdateSecret', { description: 'x' }, null), ['description info']);
  assert.deepEqual(changes('UpdateSecret'), []);
});

test(
  'a KMS key of another account is told as that, in every form in which a key of another account can be ' +
    'named',
  () => {
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
  },
);

test('each tag of Keyturn’s own is a warning with its name and new value; others are mentioned', () => {
  for (const key of [...Object.values(TAGS), 'keyturn:consumer:web', 'Keyturn:Owner', 'keyturn:sensitivty']) {
    assert.deepEqual(changes('TagResource', { tags: [{ key, value: 'off' }] }), [`${key} warning`]);
    assert.deepEqual(changes('UntagResource', { tagKeys: [key] }), [`${key} warning`]);
  }
  assert.match(
    words('TagResource', { tags: [{ key: 'keyturn:sensitivity', value: 'off' }] }),
    /the setting keyturn:sensitivity was set to off/,
  );
  assert.match(
    words('UntagResource', { tagKeys: ['keyturn:installation'] }),
    /the setting keyturn:installation was removed/,
  );
  assert.deepEqual(
    changes('TagResource', {
      tags: [
        { key: 'team', value: 'x' },
        { key: 'keyturn:owner', value: 'y' },
      ],
    }),
    ['keyturn:owner warning', 'tags info'],
  );
  assert.match(words('TagResource', { tags: [{ key: 'team', value: 'x' }] }), /its tags team$/);
  assert.deepEqual(changes('TagResource', { tags: null }), ['tags info']);
});

test('a label that says which value is whose is a warning; one that somebody made is mentioned', () => {
  assert.deepEqual(
    changes('UpdateSecretVersionStage', {
      versionStage: 'AWSCURRENT',
      moveToVersionId: 'v1',
      removeFromVersionId: 'v2',
    }),
    ['value warning'],
  );
  assert.deepEqual(
    changes('UpdateSecretVersionStage', { versionStage: 'AWSPENDING', removeFromVersionId: 'v2' }),
    ['labels warning'],
  );
  assert.deepEqual(
    changes('UpdateSecretVersionStage', { versionStage: 'keyturn-pin-v1', removeFromVersionId: 'v1' }),
    ['labels warning'],
  );
  assert.deepEqual(changes('UpdateSecretVersionStage', { versionStage: 'blue', moveToVersionId: 'v1' }), [
    'labels info',
  ]);
  assert.match(
    words('UpdateSecretVersionStage', { versionStage: 'AWSCURRENT', moveToVersionId: 'v1' }),
    /moved the label AWSCURRENT to the version v1/,
  );
  assert.deepEqual(changes('PutSecretValue', {}, { versionId: 'v3' }), ['value warning']);
  assert.deepEqual(changes('PutSecretValue', { versionStages: ['AWSPENDING'] }, { versionId: 'v3' }), [
    'labels warning',
  ]);
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

test('copies are told with their Regions', () => {
  assert.match(
    words('ReplicateSecretToRegions', {
      addReplicaRegions: [{ region: 'us-east-1' }, { region: 'eu-north-1' }],
    }),
    /^copied it into us-east-1, eu-north-1$/,
  );
  assert.match(
    words('RemoveRegionsFromReplication', { removeReplicaRegions: ['us-east-1'] }),
    /^removed its copies in us-east-1$/,
  );
  assert.deepEqual(
    [changes('StopReplicationToReplica'), changes('ReplicateSecretToRegions')],
    [['replicas warning'], ['replicas warning']],
  );
});

test('what a caller chose is shown short, and with nothing in it that no name has', () => {
  const said = words('TagResource', {
    tags: [{ key: 'keyturn:owner', value: `<a href="x">\n${'y'.repeat(1_000)}` }],
  });
  assert.match(said, /^[\w+=,.@:/ -]+$/);
  assert.ok(said.length < 250);
  assert.match(
    words('UntagResource', { tagKeys: Array.from({ length: 40 }, (_, index) => `t${index}`) }),
    /t5 and 34 more$/,
  );
});
