import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { newSecret, onStep, sandbox, token, type Sandbox } from './world.ts';

const labels = async (
  { secrets }: Sandbox,
  SecretId = 'app/token',
): Promise<Record<string, string[]> | undefined> =>
  (await secrets.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages;
const read = async (
  { secrets }: Sandbox,
  more: { VersionId?: string; VersionStage?: string } = {},
): Promise<string | undefined> =>
  (await secrets.send(new GetSecretValueCommand({ SecretId: 'app/token', ...more }))).SecretString;
const put = ({ secrets }: Sandbox, name: string): Promise<unknown> =>
  secrets.send(
    new PutSecretValueCommand({ SecretId: 'app/token', ClientRequestToken: token(name), SecretString: name }),
  );
const names = async ({ secrets }: Sandbox): Promise<(string | undefined)[]> =>
  ((await secrets.send(new ListSecretsCommand({}))).SecretList ?? []).map((one) => one.Name);

test('without a setting every read sees what was written last', async () => {
  const it = sandbox();
  await newSecret(it);
  await put(it, 'second');
  assert.deepEqual(
    [await read(it), await labels(it)],
    ['second', { [token('first')]: ['AWSPREVIOUS'], [token('second')]: ['AWSCURRENT'] }],
  );
});

test(
  'a read by label gives the old value until the lag is over; by ' +
    'version id the new one is there at once',
  async () => {
    const it = sandbox({ staleReads: { get: 3 * SECOND } });
    await newSecret(it);
    await assert.rejects(read(it), { name: 'ResourceNotFoundException' });
    await it.clock.advanceBy(MINUTE);
    await put(it, 'second');
    assert.deepEqual([await read(it), await read(it, { VersionId: token('second') })], ['one', 'second']);
    await it.clock.advanceBy(3 * SECOND - 1);
    assert.equal(await read(it), 'one');
    await it.clock.advanceBy(1);
    assert.equal(await read(it), 'second');
    assert.deepEqual((await labels(it))?.[token('second')], ['AWSCURRENT'], 'describe has no lag of its own');
  },
);

test('DescribeSecret can show labels, tags and a deletion later than they came', async () => {
  const it = sandbox({ staleReads: { describe: SECOND } });
  const { arn } = await newSecret(it);
  await it.clock.advanceBy(MINUTE);
  const before = await labels(it, arn);
  await put(it, 'second');
  await it.secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId: arn,
      VersionStage: 'pin',
      MoveToVersionId: token('first'),
    }),
  );
  await it.secrets.send(new TagResourceCommand({ SecretId: arn, Tags: [{ Key: 'team', Value: 'red' }] }));
  assert.deepEqual(await labels(it, arn), before);
  await it.clock.advanceBy(SECOND);
  assert.deepEqual(await labels(it, arn), {
    [token('first')]: ['AWSPREVIOUS', 'pin'],
    [token('second')]: ['AWSCURRENT'],
  });
  await it.secrets.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
  assert.equal((await it.secrets.send(new DescribeSecretCommand({ SecretId: arn }))).Tags?.[0]?.Key, 'team');
  await it.clock.advanceBy(SECOND);
  await assert.rejects(labels(it, arn), { name: 'ResourceNotFoundException' });
});

test('ListSecrets can leave out a new secret, and show one that is gone, for minutes', async () => {
  const it = sandbox({ staleReads: { list: 5 * MINUTE } });
  await newSecret(it);
  assert.deepEqual(await names(it), []);
  await it.clock.advanceBy(5 * MINUTE);
  assert.deepEqual(await names(it), ['app/token']);
  await it.secrets.send(new DeleteSecretCommand({ SecretId: 'app/token', ForceDeleteWithoutRecovery: true }));
  assert.deepEqual(await names(it), ['app/token']);
  await it.clock.advanceBy(5 * MINUTE);
  assert.deepEqual(await names(it), []);
});

test('what the service does by itself is seen late too', async () => {
  const it = sandbox({ staleReads: { describe: SECOND } });
  await newSecret(it);
  it.functions.set(
    'rotate',
    onStep(async ({ Step, SecretId, ClientRequestToken, RotationToken }) => {
      if (Step === 'createSecret')
        await it.secrets.send(
          new PutSecretValueCommand({
            SecretId,
            ClientRequestToken,
            SecretString: 'two',
            VersionStages: ['AWSPENDING'],
            RotationToken,
          }),
        );
      if (Step === 'finishSecret')
        await it.secrets.send(
          new UpdateSecretVersionStageCommand({
            SecretId,
            VersionStage: 'AWSCURRENT',
            MoveToVersionId: ClientRequestToken,
            RemoveFromVersionId: token('first'),
          }),
        );
    }),
  );
  await it.secrets.send(
    new RotateSecretCommand({
      SecretId: 'app/token',
      ClientRequestToken: token('second'),
      RotationLambdaARN: 'arn:aws:lambda:eu-central-1:111122223333:function:rotate',
    }),
  );
  await it.clock.advanceBy(MINUTE);
  assert.deepEqual(await labels(it), {
    [token('first')]: ['AWSPREVIOUS'],
    [token('second')]: ['AWSCURRENT'],
  });
});

test('a lag can be drawn for each read, so that a later read sees less than an earlier one', async () => {
  const lags = [0, 2 * SECOND];
  const it = sandbox({ staleReads: { get: () => lags.shift() ?? 0 } });
  await newSecret(it);
  await it.clock.advanceBy(MINUTE);
  await put(it, 'second');
  assert.deepEqual([await read(it), await read(it), await read(it)], ['second', 'one', 'second']);
});
