import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { ARN } from '../../detect/events.ts';
import { OWN_KEY, changes, words } from './change-cases.ts';

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

test('copies are reported with their Regions', () => {
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
