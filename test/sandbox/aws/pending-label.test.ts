import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { DAY, MINUTE } from '../../../functions/core/basics/time.ts';
import type { PendingLabel } from '../../../lib/sandbox/aws/secrets-manager/state.ts';
import { newSecret, onStep, sandbox, token, type Handler, type Sandbox } from './world.ts';

const LAMBDA = 'arn:aws:lambda:eu-central-1:111122223333:function:rotate';

async function labels({ secrets }: Sandbox, id: string): Promise<Record<string, string[]>> {
  return (await secrets.send(new DescribeSecretCommand({ SecretId: id }))).VersionIdsToStages ?? {};
}

async function move(
  it: Sandbox,
  to: string | undefined,
  from: string | undefined,
  VersionStage = 'AWSCURRENT',
): Promise<void> {
  await it.secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId: 'app/token',
      VersionStage,
      MoveToVersionId: to && token(to),
      RemoveFromVersionId: from && token(from),
    }),
  );
}

/** A function that stores and promotes; `afterMove` tells what it sees once it has moved AWSCURRENT. */
function promoting(
  it: Sandbox,
  from: () => string,
  afterMove: (labels: Record<string, string[]>) => Promise<void> | void = () => undefined,
): Handler {
  return onStep(async ({ Step, SecretId, ClientRequestToken, RotationToken }) => {
    if (Step === 'createSecret')
      await it.secrets.send(
        new PutSecretValueCommand({
          SecretId,
          ClientRequestToken,
          SecretString: ClientRequestToken,
          VersionStages: ['AWSPENDING'],
          RotationToken,
        }),
      );
    if (Step !== 'finishSecret') return;
    await it.secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: ClientRequestToken,
        RemoveFromVersionId: token(from()),
      }),
    );
    await afterMove(await labels(it, SecretId));
  });
}

async function rotated(pendingLabel?: PendingLabel): Promise<{
  it: Sandbox;
  atMove: string[] | undefined;
  after: string[] | undefined;
  rotate: (name: string, from: string) => Promise<void>;
}> {
  const it = sandbox(pendingLabel === undefined ? {} : { rotation: { pendingLabel } });
  await newSecret(it);
  let atMove: string[] | undefined;
  let old = 'first';
  it.functions.set(
    'rotate',
    promoting(
      it,
      () => old,
      (seen) => {
        atMove ??= seen[token('second')];
      },
    ),
  );
  const rotate = async (name: string, from: string): Promise<void> => {
    old = from;
    await it.secrets.send(
      new RotateSecretCommand({
        SecretId: 'app/token',
        RotationLambdaARN: LAMBDA,
        ClientRequestToken: token(name),
      }),
    );
    await it.clock.advanceBy(MINUTE);
  };
  await rotate('second', 'first');
  return { it, atMove, after: (await labels(it, 'app/token'))[token('second')], rotate };
}

test('AWSPENDING is still there after AWSCURRENT moved, and gone when the rotation is complete', async () => {
  const { atMove, after } = await rotated();
  assert.deepEqual([atMove, after], [['AWSPENDING', 'AWSCURRENT'], ['AWSCURRENT']]);
});

test('AWSPENDING can be set to stay, or to go with the move', async () => {
  const stays = await rotated('stays');
  assert.deepEqual(
    [stays.atMove, stays.after],
    [
      ['AWSPENDING', 'AWSCURRENT'],
      ['AWSPENDING', 'AWSCURRENT'],
    ],
  );
  const atMove = await rotated('at-move');
  assert.deepEqual([atMove.atMove, atMove.after], [['AWSCURRENT'], ['AWSCURRENT']]);
});

test('a function that takes AWSPENDING off by itself after the move completes its rotation', async () => {
  const it = sandbox();
  await newSecret(it);
  it.functions.set(
    'rotate',
    promoting(
      it,
      () => 'first',
      () => move(it, undefined, 'second', 'AWSPENDING'),
    ),
  );
  await it.secrets.send(
    new RotateSecretCommand({
      SecretId: 'app/token',
      RotationLambdaARN: LAMBDA,
      ClientRequestToken: token('second'),
    }),
  );
  await it.clock.advanceBy(DAY);
  assert.equal(it.invoked.length, 4);
  assert.deepEqual((await labels(it, 'app/token'))[token('second')], ['AWSCURRENT']);
});

test('AWSPENDING left on the current version blocks no rotation, and moves with the next', async () => {
  const { it, rotate } = await rotated('stays');
  await rotate('third', 'second');
  assert.deepEqual(await labels(it, 'app/token'), {
    [token('second')]: ['AWSPREVIOUS'],
    [token('third')]: ['AWSPENDING', 'AWSCURRENT'],
  });
});

test('after a rollback AWSPENDING that stayed blocks every other rotation until it is cleared', async () => {
  const { it, rotate } = await rotated('stays');
  await move(it, 'first', 'second');
  assert.deepEqual(await labels(it, 'app/token'), {
    [token('first')]: ['AWSCURRENT'],
    [token('second')]: ['AWSPENDING', 'AWSPREVIOUS'],
  });
  await assert.rejects(rotate('third', 'first'), {
    name: 'InvalidRequestException',
    message: /previous rotation isn't complete/,
  });
  await move(it, undefined, 'second', 'AWSPENDING');
  await rotate('third', 'first');
  assert.deepEqual((await labels(it, 'app/token'))[token('third')], ['AWSPENDING', 'AWSCURRENT']);
});

test('RotateSecret under the token of a version that a rollback left pending takes it up again', async () => {
  const { it, rotate } = await rotated('stays');
  await move(it, 'first', 'second');
  await rotate('second', 'first');
  assert.deepEqual((await labels(it, 'app/token'))[token('second')], ['AWSPENDING', 'AWSCURRENT']);
});

test('a value stored as AWSCURRENT leaves AWSPENDING on no version', async () => {
  const { it } = await rotated('stays');
  const put = (name: string, VersionStages?: string[]): Promise<unknown> =>
    it.secrets.send(
      new PutSecretValueCommand({
        SecretId: 'app/token',
        ClientRequestToken: token(name),
        SecretString: name,
        VersionStages,
      }),
    );
  await put('third');
  assert.deepEqual(await labels(it, 'app/token'), {
    [token('second')]: ['AWSPREVIOUS'],
    [token('third')]: ['AWSCURRENT'],
  });
  await put('fourth', ['AWSCURRENT', 'AWSPENDING']);
  assert.deepEqual((await labels(it, 'app/token'))[token('fourth')], ['AWSCURRENT', 'AWSPENDING']);
});
