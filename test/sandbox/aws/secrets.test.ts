import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
  paginateListSecrets,
} from '@aws-sdk/client-secrets-manager';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { ROOT, START, newSecret, sandbox, token, type Sandbox } from './world.ts';

async function labels({ secrets }: Sandbox, SecretId: string): Promise<Record<string, string[]>> {
  return (await secrets.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages ?? {};
}

function put({ secrets }: Sandbox, name: string, value: string, VersionStages?: string[]): Promise<unknown> {
  return secrets.send(
    new PutSecretValueCommand({
      SecretId: 'app/token',
      ClientRequestToken: token(name),
      SecretString: value,
      VersionStages,
    }),
  );
}

test('a secret is found by name, by ARN and by the ARN without its last part', async () => {
  const it = sandbox();
  const { arn } = await newSecret(it);
  for (const SecretId of ['app/token', arn, arn.slice(0, -7)]) {
    const read = await it.secrets.send(new GetSecretValueCommand({ SecretId }));
    assert.equal(read.SecretString, 'one');
    assert.equal(read.ARN, arn);
  }
  await assert.rejects(it.secrets.send(new GetSecretValueCommand({ SecretId: 'app' })), {
    name: 'ResourceNotFoundException',
  });
});

test('a name is taken once; the same request again is answered again', async () => {
  const it = sandbox();
  const first = await newSecret(it);
  assert.deepEqual(await newSecret(it), first);
  await assert.rejects(newSecret(it, 'app/token', 'other'), { name: 'ResourceExistsException' });
  await assert.rejects(it.secrets.send(new CreateSecretCommand({ Name: 'app/token' })), {
    name: 'ResourceExistsException',
  });
});

test('the same token and data are one put; other data under the token is refused', async () => {
  const it = sandbox();
  await newSecret(it);
  await put(it, 'second', 'two');
  await put(it, 'second', 'two');
  await assert.rejects(put(it, 'second', 'three'), { name: 'ResourceExistsException' });
  assert.deepEqual(await labels(it, 'app/token'), {
    [token('first')]: ['AWSPREVIOUS'],
    [token('second')]: ['AWSCURRENT'],
  });
});

test('a put under AWSPENDING moves no other label, and is read by it', async () => {
  const it = sandbox();
  await newSecret(it);
  await put(it, 'second', 'two', ['AWSPENDING']);
  assert.deepEqual(await labels(it, 'app/token'), {
    [token('first')]: ['AWSCURRENT'],
    [token('second')]: ['AWSPENDING'],
  });
  const read = await it.secrets.send(
    new GetSecretValueCommand({ SecretId: 'app/token', VersionStage: 'AWSPENDING' }),
  );
  assert.equal(read.SecretString, 'two');
  const wrong = it.secrets.send(
    new GetSecretValueCommand({
      SecretId: 'app/token',
      VersionId: token('first'),
      VersionStage: 'AWSPENDING',
    }),
  );
  await assert.rejects(wrong, { name: 'InvalidRequestException' });
});

test('UpdateSecret with a value makes a version; the same value and token again make none', async () => {
  const it = sandbox();
  await newSecret(it);
  const update = (name: string, SecretString: string): Promise<unknown> =>
    it.secrets.send(
      new UpdateSecretCommand({ SecretId: 'app/token', ClientRequestToken: token(name), SecretString }),
    );
  await assert.rejects(update('first', 'other'), { name: 'ResourceExistsException' });
  await update('first', 'one');
  assert.deepEqual(await labels(it, 'app/token'), { [token('first')]: ['AWSCURRENT'] });
  await update('second', 'two');
  assert.deepEqual((await labels(it, 'app/token'))[token('second')], ['AWSCURRENT']);
});

test('a value is text or bytes, not both, and not too long', async () => {
  const it = sandbox();
  await newSecret(it);
  await assert.rejects(it.secrets.send(new PutSecretValueCommand({ SecretId: 'app/token' })), {
    name: 'InvalidParameterException',
  });
  await assert.rejects(put(it, 'second', 'x'.repeat(65_537)), {
    name: 'ValidationException',
    message: /less than or equal to 65536/,
  });
  await assert.rejects(put(it, 'second', '\u00fc'.repeat(32_769)), { name: 'InvalidParameterException' });
  await it.secrets.send(
    new PutSecretValueCommand({ SecretId: 'app/token', SecretBinary: Buffer.from([0, 255]) }),
  );
  const read = await it.secrets.send(new GetSecretValueCommand({ SecretId: 'app/token' }));
  assert.deepEqual([...(read.SecretBinary ?? [])], [0, 255]);
});

test('moving AWSCURRENT is a compare-and-swap that moves AWSPREVIOUS and not AWSPENDING', async () => {
  const it = sandbox();
  await newSecret(it);
  await put(it, 'second', 'two', ['AWSPENDING']);
  const move = (
    to: string | undefined,
    from: string | undefined,
    VersionStage = 'AWSCURRENT',
  ): Promise<unknown> =>
    it.secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId: 'app/token',
        VersionStage,
        MoveToVersionId: to && token(to),
        RemoveFromVersionId: from && token(from),
      }),
    );
  await assert.rejects(move('second', undefined), {
    name: 'InvalidParameterException',
    message: /is currently attached to version first-/,
  });
  await assert.rejects(move('second', 'second'), { name: 'InvalidParameterException' });
  await assert.rejects(move('third', 'first'), { name: 'ResourceNotFoundException' });
  await assert.rejects(move(undefined, 'first'), {
    name: 'InvalidParameterException',
    message: /can't be completely removed/,
  });
  await move('second', 'first');
  assert.deepEqual(await labels(it, 'app/token'), {
    [token('first')]: ['AWSPREVIOUS'],
    [token('second')]: ['AWSPENDING', 'AWSCURRENT'],
  });
  await move('first', 'second');
  assert.deepEqual(await labels(it, 'app/token'), {
    [token('first')]: ['AWSCURRENT'],
    [token('second')]: ['AWSPENDING', 'AWSPREVIOUS'],
  });
});

test('custom labels can be set, moved and removed; without a label a version is deprecated', async () => {
  const it = sandbox();
  await newSecret(it);
  await put(it, 'second', 'two');
  await put(it, 'third', 'three');
  const label = (to?: string, from?: string): Promise<unknown> =>
    it.secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId: 'app/token',
        VersionStage: 'pin',
        MoveToVersionId: to && token(to),
        RemoveFromVersionId: from && token(from),
      }),
    );
  await label('first');
  assert.deepEqual((await labels(it, 'app/token'))[token('first')], ['pin']);
  await label(undefined, 'first');
  assert.equal((await labels(it, 'app/token'))[token('first')], undefined);
  const listed = async (IncludeDeprecated: boolean): Promise<number | undefined> =>
    (await it.secrets.send(new ListSecretVersionIdsCommand({ SecretId: 'app/token', IncludeDeprecated })))
      .Versions?.length;
  assert.equal(await listed(false), 2);
  assert.equal(await listed(true), 3);
});

test('at most 20 labels', async () => {
  const it = sandbox();
  await newSecret(it);
  await assert.rejects(
    put(
      it,
      'second',
      'two',
      Array.from({ length: 20 }, (_, index) => `label-${index}`),
    ),
    { name: 'LimitExceededException' },
  );
});

test('past a hundred versions the oldest without a label go, but none younger than a day', async () => {
  const it = sandbox();
  await newSecret(it);
  await it.secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId: 'app/token',
      VersionStage: 'pin',
      MoveToVersionId: token('first'),
    }),
  );
  for (let count = 1; count < 100; count++) await put(it, `v${count}`, String(count));
  await assert.rejects(put(it, 'one-more', 'more'), { name: 'LimitExceededException' });
  await it.clock.advanceBy(DAY);
  await put(it, 'one-more', 'more');
  const versions = it.aws.secretsManager.find('app/token')?.versions;
  assert.equal(versions?.size, 100);
  assert.ok(versions.has(token('first')));
  assert.ok(!versions.has(token('v1')));
});

test('a label that moves is told on the default bus, except AWSPENDING and AWSPREVIOUS', async () => {
  const it = sandbox();
  const { arn } = await newSecret(it);
  await put(it, 'second', 'two', ['AWSPENDING']);
  await it.secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId: arn,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: token('second'),
      RemoveFromVersionId: token('first'),
    }),
  );
  await it.secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId: arn,
      VersionStage: 'pin',
      MoveToVersionId: token('first'),
    }),
  );
  await it.secrets.send(new TagResourceCommand({ SecretId: arn, Tags: [{ Key: 'a', Value: 'b' }] }));
  assert.deepEqual(
    it.aws.events.map(({ detailType, detail, resources }) => ({ detailType, detail, resources })),
    [
      {
        detailType: 'Secret Label Updated',
        detail: { name: 'app/token', labelUpdated: 'AWSCURRENT', versionId: token('first') },
        resources: [arn],
      },
      {
        detailType: 'Secret Label Updated',
        detail: { name: 'app/token', labelUpdated: 'AWSCURRENT', versionId: token('second') },
        resources: [arn],
      },
      {
        detailType: 'Secret Label Updated',
        detail: { name: 'app/token', labelUpdated: 'pin', versionId: token('first') },
        resources: [arn],
      },
    ],
  );
});

test('a deleted secret is unreadable, can be restored, and is gone at its time', async () => {
  const it = sandbox();
  const { arn } = await newSecret(it);
  for (const RecoveryWindowInDays of [6, 31])
    await assert.rejects(it.secrets.send(new DeleteSecretCommand({ SecretId: arn, RecoveryWindowInDays })), {
      name: 'InvalidParameterException',
    });
  await it.secrets.send(new DeleteSecretCommand({ SecretId: arn, RecoveryWindowInDays: 7 }));
  await assert.rejects(it.secrets.send(new GetSecretValueCommand({ SecretId: arn })), {
    name: 'InvalidRequestException',
  });
  await assert.rejects(it.secrets.send(new RotateSecretCommand({ SecretId: arn })), {
    name: 'InvalidRequestException',
  });
  await assert.rejects(it.secrets.send(new CreateSecretCommand({ Name: 'app/token' })), {
    name: 'InvalidRequestException',
    message: /scheduled for deletion/,
  });
  assert.equal(
    (await it.secrets.send(new DescribeSecretCommand({ SecretId: arn }))).DeletedDate?.getTime(),
    START + 7 * DAY,
  );
  assert.equal((await it.secrets.send(new ListSecretsCommand({}))).SecretList?.length, 0);
  assert.equal(
    (await it.secrets.send(new ListSecretsCommand({ IncludePlannedDeletion: true }))).SecretList?.length,
    1,
  );
  await it.clock.advanceBy(6 * DAY);
  await it.secrets.send(new RestoreSecretCommand({ SecretId: arn }));
  await it.clock.advanceBy(30 * DAY);
  assert.equal((await it.secrets.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString, 'one');
  await it.secrets.send(new DeleteSecretCommand({ SecretId: arn }));
  await it.clock.advanceBy(30 * DAY);
  await assert.rejects(it.secrets.send(new DescribeSecretCommand({ SecretId: arn })), {
    name: 'ResourceNotFoundException',
  });
});

test('a forced deletion is at once, asks for no window and forgives a missing secret', async () => {
  const it = sandbox();
  const { arn } = await newSecret(it);
  await assert.rejects(
    it.secrets.send(
      new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true, RecoveryWindowInDays: 7 }),
    ),
    { name: 'InvalidParameterException' },
  );
  await it.secrets.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
  await it.secrets.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
  await assert.rejects(it.secrets.send(new DeleteSecretCommand({ SecretId: arn })), {
    name: 'ResourceNotFoundException',
  });
});

test('a primary with replicas cannot be deleted; a replica cannot be written', async () => {
  const it = sandbox();
  await newSecret(it);
  it.aws.secretsManager.adjust('app/token', { replicas: [{ Region: 'eu-west-1', Status: 'InProgress' }] });
  assert.equal(
    (await it.secrets.send(new DescribeSecretCommand({ SecretId: 'app/token' }))).ReplicationStatus?.[0]
      ?.Status,
    'InProgress',
  );
  await assert.rejects(it.secrets.send(new DeleteSecretCommand({ SecretId: 'app/token' })), {
    name: 'InvalidRequestException',
  });
  it.aws.secretsManager.adjust('app/token', {
    replicas: [],
    primaryRegion: 'us-east-1',
    owningService: 'rds',
    type: 'GitLabAccessToken',
  });
  await assert.rejects(put(it, 'second', 'two'), { name: 'InvalidRequestException' });
  const described = await it.secrets.send(new DescribeSecretCommand({ SecretId: 'app/token' }));
  assert.deepEqual(
    [described.PrimaryRegion, described.OwningService, described.Type],
    ['us-east-1', 'rds', 'GitLabAccessToken'],
  );
});

test('the last access is shown as a day', async () => {
  const it = sandbox();
  await newSecret(it);
  await it.secrets.send(new GetSecretValueCommand({ SecretId: 'app/token' }));
  await it.clock.advanceBy(2 * HOUR);
  await it.secrets.send(new GetSecretValueCommand({ SecretId: 'app/token' }));
  const described = await it.secrets.send(new DescribeSecretCommand({ SecretId: 'app/token' }));
  assert.equal(described.LastAccessedDate?.toISOString(), '2026-11-20T00:00:00.000Z');
});

test('lists are filtered by prefixes of names and tags, and paged', async () => {
  const it = sandbox();
  for (let count = 0; count < 25; count++) {
    await it.secrets.send(
      new CreateSecretCommand({
        Name: `${count % 2 === 0 ? 'even' : 'odd'}/${count}`,
        Tags: [{ Key: 'team', Value: count < 5 ? 'red' : 'blue' }],
      }),
    );
  }
  const names = async (
    Filters: { Key: 'name' | 'tag-key' | 'tag-value'; Values: string[] }[],
  ): Promise<string[]> => {
    const found: string[] = [];
    for await (const page of paginateListSecrets({ client: it.secrets, pageSize: 10 }, { Filters }))
      found.push(...(page.SecretList ?? []).map((secret) => secret.Name ?? ''));
    return found;
  };
  assert.equal((await names([])).length, 25);
  assert.equal((await names([{ Key: 'name', Values: ['even/'] }])).length, 13);
  assert.equal((await names([{ Key: 'name', Values: ['!even/'] }])).length, 12);
  assert.deepEqual(
    (
      await names([
        { Key: 'tag-key', Values: ['team'] },
        { Key: 'tag-value', Values: ['red'] },
        { Key: 'name', Values: ['odd'] },
      ])
    ).sort(),
    ['odd/1', 'odd/3'],
  );
});

test('tags come and go', async () => {
  const it = sandbox();
  const { arn } = await newSecret(it);
  await it.secrets.send(
    new TagResourceCommand({
      SecretId: arn,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    }),
  );
  await it.secrets.send(new UntagResourceCommand({ SecretId: arn, TagKeys: ['a'] }));
  assert.deepEqual((await it.secrets.send(new DescribeSecretCommand({ SecretId: arn }))).Tags, [
    { Key: 'b', Value: '2' },
  ]);
});

test('random passwords have the length and letters asked for', async () => {
  const { secrets } = sandbox();
  const { RandomPassword } = await secrets.send(
    new GetRandomPasswordCommand({ PasswordLength: 200, ExcludePunctuation: true, ExcludeCharacters: 'abc' }),
  );
  assert.match(RandomPassword ?? '', /^[A-Zd-z0-9]{200}$/);
});

test('what is not implemented is named, and the log tells calls without values', async () => {
  const it = sandbox();
  await newSecret(it);
  await assert.rejects(
    it.aws.call({
      service: 'secretsmanager',
      operation: 'StopReplicationToReplica',
      input: {},
      principal: ROOT,
    }),
    {
      name: 'UnknownOperationException',
      message: 'The sandbox does not implement secretsmanager:StopReplicationToReplica',
    },
  );
  await assert.rejects(
    it.aws.call({
      service: 'secretsmanager',
      operation: 'CreateSecret',
      input: { Name: 'x', AddReplicaRegions: [] },
      principal: ROOT,
    }),
    /AddReplicaRegions of CreateSecret/,
  );
  await put(it, 'second', 'hush-hush');
  assert.equal(it.aws.log.at(-1)?.operation, 'PutSecretValue');
  assert.ok(!JSON.stringify(it.aws.log).includes('hush'));
});
