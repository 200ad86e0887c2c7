import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AFTER_DESTROY } from '../../lib/infra/constructs/keyturn.ts';
import { type Resource, type Synthesised, synthesised } from './synth.ts';

const PLAIN = synthesised();

function one(type: string, synth: Synthesised = PLAIN): [string, Resource] {
  const [found] = synth.of(type);
  assert.ok(found, type);
  return found;
}

function keyOf(id: string): Resource {
  const key = PLAIN.resources[id];
  assert.ok(key?.Type === 'AWS::KMS::Key', id);
  return key;
}

/** A changed id is another resource: CloudFormation would make a new one and leave or delete the old. */
const IDS = {
  table: 'KeyturnFoundationInventoryF5EF61D8',
  data: 'KeyturnFoundationKeysData13071E4C',
  seal: 'KeyturnFoundationKeysSeal223214F5',
  bus: 'KeyturnFoundationBus42060D2A',
};

test('what holds state keeps its logical id', () => {
  assert.deepEqual(
    [one('AWS::DynamoDB::GlobalTable')[0], one('AWS::Events::EventBus')[0]],
    [IDS.table, IDS.bus],
  );
  assert.deepEqual(
    PLAIN.of('AWS::KMS::Key').map(([id]) => id),
    [IDS.data, IDS.seal],
  );
});

test('what holds state outlives the stack, and the stack says so', () => {
  for (const id of [IDS.table, IDS.data, IDS.seal])
    assert.deepEqual(
      [PLAIN.resources[id]?.DeletionPolicy, PLAIN.resources[id]?.UpdateReplacePolicy],
      ['Retain', 'Retain'],
    );
  const said = Object.entries(PLAIN.outputs).find(([name]) => name.startsWith('KeyturnAfterDestroy'))?.[1]
    .Value;
  assert.equal(said, AFTER_DESTROY.retain);
});

test('it may be told to leave nothing', () => {
  const synth = synthesised({ retention: { removalPolicy: 'destroy' } });
  for (const [, resource] of Object.entries(synth.resources))
    assert.notEqual(resource.DeletionPolicy, 'Retain');
  assert.equal(
    one('AWS::DynamoDB::GlobalTable', synth)[1].Properties['Replicas'][0].DeletionProtectionEnabled,
    false,
  );
  assert.ok(Object.values(synth.outputs).some((output) => output.Value === AFTER_DESTROY.destroy));
});

test('the table is as the inventory adapter uses it, recoverable, protected and under the own key', () => {
  const {
    KeySchema,
    GlobalSecondaryIndexes,
    BillingMode,
    Replicas,
    TableName,
    TimeToLiveSpecification,
    SSESpecification,
  } = one('AWS::DynamoDB::GlobalTable')[1].Properties;
  assert.equal(TableName, 'keyturn-main');
  assert.deepEqual(
    KeySchema.map((key: { AttributeName: string }) => key.AttributeName),
    ['pk', 'sk'],
  );
  assert.deepEqual(GlobalSecondaryIndexes, [
    {
      IndexName: 'records',
      KeySchema: [
        { AttributeName: 'recordShard', KeyType: 'HASH' },
        { AttributeName: 'pk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
    {
      IndexName: 'due',
      KeySchema: [
        { AttributeName: 'dueShard', KeyType: 'HASH' },
        { AttributeName: 'dueAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
    {
      IndexName: 'rotations',
      KeySchema: [
        { AttributeName: 'line', KeyType: 'HASH' },
        { AttributeName: 'lineAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['place'] },
    },
  ]);
  assert.deepEqual(
    [BillingMode, TimeToLiveSpecification, SSESpecification],
    ['PAY_PER_REQUEST', { AttributeName: 'ttl', Enabled: true }, { SSEEnabled: true, SSEType: 'KMS' }],
  );
  assert.equal(Replicas.length, 1);
  const [replica] = Replicas;
  assert.equal(replica.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled, true);
  assert.equal(replica.DeletionProtectionEnabled, true);
  assert.deepEqual(replica.SSESpecification, { KMSMasterKeyId: { 'Fn::GetAtt': [IDS.data, 'Arn'] } });
});

test('services that publish into what the data key encrypts may use it', () => {
  const { Statement } = keyOf(IDS.data).Properties['KeyPolicy'];
  const [publishers, events] = ['PublishEncrypted', 'EventsEncrypted'].map((sid) =>
    Statement.find((statement: { Sid?: string }) => statement.Sid === sid),
  );
  assert.deepEqual(publishers.Principal.Service.toSorted(), [
    'cloudwatch.amazonaws.com',
    'sns.amazonaws.com',
  ]);
  assert.equal(PLAIN.text(publishers.Condition.StringEquals['aws:SourceAccount']), '111122223333');
  assert.equal(events.Principal.Service, 'events.amazonaws.com');
  for (const one of [publishers, events])
    assert.deepEqual(one.Action, ['kms:Decrypt', 'kms:GenerateDataKey']);
  assert.equal(
    events.Condition,
    undefined,
    'EventBridge names no source to KMS: a condition on it drops every message in silence',
  );
  const logs = Statement.find((statement: { Sid?: string }) => statement.Sid === 'EncryptLogs');
  assert.equal(PLAIN.text(logs.Principal.Service), 'logs.eu-central-1.amazonaws.com');
  assert.equal(
    PLAIN.text(logs.Condition.ArnLike['kms:EncryptionContext:aws:logs:arn']),
    'arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/keyturn-main-*',
  );
  assert.equal(Statement.length, 4, 'the fourth is the account itself');
  assert.equal(keyOf(IDS.data).Properties['EnableKeyRotation'], true);
});

test('only roles under the path of this installation may seal, whatever IAM allows others', () => {
  const key = keyOf(IDS.seal).Properties;
  assert.deepEqual([key['KeySpec'], key['KeyUsage']], ['HMAC_256', 'GENERATE_VERIFY_MAC']);
  const [administer, seal] = key['KeyPolicy'].Statement;
  for (const action of administer.Action)
    assert.doesNotMatch(action, /^kms:(\*|Generate|Verify|G\*|Create\*|CreateGrant)/);
  assert.equal(seal.Action, 'kms:GenerateMac');
  assert.equal(
    PLAIN.text(seal.Condition.ArnLike['aws:PrincipalArn']),
    'arn:aws:iam::111122223333:role/keyturn/main/eu-central-1/sealers/*',
  );
  const sealers = PLAIN.of('AWS::IAM::Role').filter(([, role]) =>
    PLAIN.text(role.Properties['Path'] ?? '').endsWith('/sealers/'),
  );
  assert.deepEqual(
    new Set(sealers.map(([, role]) => PLAIN.text(role.Properties['Path']))),
    new Set(['/keyturn/main/eu-central-1/sealers/']),
  );
  assert.equal(sealers.length, 7);
});

test('keys that an earlier deployment left are taken up again', () => {
  const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const hmac = arn.replace('1234abcd', '5678abcd');
  const synth = synthesised({ reuse: { dataKeyArn: arn, hmacKeyArn: hmac } });
  assert.deepEqual(synth.of('AWS::KMS::Key'), []);
  assert.equal(
    one('AWS::DynamoDB::GlobalTable', synth)[1].Properties['Replicas'][0].SSESpecification.KMSMasterKeyId,
    arn,
  );
  assert.equal(synth.fn('keyturn-main-rotate-okta').Properties['Environment'].Variables.HMAC_KEY_ID, hmac);
});

test('the stack is bound to no account and no Region', () => {
  assert.doesNotMatch(JSON.stringify(PLAIN.resources), /\b\d{12}\b/);
});
