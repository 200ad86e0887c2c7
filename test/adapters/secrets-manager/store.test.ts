import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'node:test';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { secretsManagerStore } from '../../../functions/adapters/secrets-manager/store.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { SecretStore } from '../../../functions/core/ports/secret-store.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { AwsError } from '../../../lib/sandbox/aws/errors.ts';
import type { CallHook } from '../../../lib/sandbox/aws/types.ts';
import { secretStoreContract } from '../../contracts/secret-store.ts';
import { ROOT, newSecret, sandbox, token, type Sandbox } from '../../sandbox/aws/world.ts';

const CANARY = 'canary-5f1d';
const V2 = token('second');

secretStoreContract('Secrets Manager', async () => {
  const world = sandbox();
  return {
    store: secretsManagerStore(world.secrets),
    add: async (name, content = {}) => {
      const Tags = Object.entries(content.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
      const made = await world.secrets.send(
        new CreateSecretCommand({
          Name: name,
          SecretString: content.text,
          Tags,
          ClientRequestToken: token(name),
        }),
      );
      return { arn: made.ARN ?? '', version: made.VersionId ?? '' };
    },
    scheduleDeletion: async (arn) =>
      void (await world.secrets.send(new DeleteSecretCommand({ SecretId: arn }))),
    enableRotation: async (arn) => {
      const RotationLambdaARN = world.aws.lambda.arnOf('rotate');
      await world.secrets.send(
        new RotateSecretCommand({
          SecretId: arn,
          RotationLambdaARN,
          RotateImmediately: false,
          RotationRules: { AutomaticallyAfterDays: 30 },
        }),
      );
      await world.clock.advanceBy(0);
    },
  };
});

interface Faulty extends Sandbox {
  readonly store: SecretStore;
  /** The next call of this operation fails with this error. */
  readonly fail: (phase: CallHook['phase'], operation: string, error: AwsError) => void;
  readonly arn: string;
  readonly version: string;
}

/** A store whose calls fail on demand: before they work, or after, when only the answer is lost. */
async function faulty(maxAttempts = 1): Promise<Faulty> {
  const faults: { phase: string; operation: string; error: AwsError }[] = [];
  const onCall = (call: CallHook): void => {
    const index = faults.findIndex(
      ({ phase, operation }) => phase === call.phase && operation === call.operation,
    );
    const [fault] = index === -1 ? [] : faults.splice(index, 1);
    if (fault) throw fault.error;
  };
  const world = sandbox({ onCall });
  const store = secretsManagerStore(
    new SecretsManagerClient({ ...world.aws.clientConfig(ROOT), maxAttempts }),
  );
  return {
    ...world,
    ...(await newSecret(world)),
    store,
    fail: (phase, operation, error) => void faults.push({ phase, operation, error }),
  };
}

const SERVER_FAULT = new AwsError('InternalServiceError', `broken while it held ${CANARY}`, 500);

async function failure(run: Promise<unknown>): Promise<KeyturnError> {
  const error = await run.then(
    () => assert.fail('it should have failed'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof KeyturnError, String(error));
  assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), new RegExp(CANARY));
  return error;
}

describe('the Secrets Manager store', () => {
  it('takes a put whose answer was lost for done when the value is there', async () => {
    const { store, arn, fail } = await faulty();
    fail('after', 'PutSecretValue', SERVER_FAULT);
    await store.putPending(arn, V2, new Secret(CANARY), undefined);
    assert.equal((await store.read(arn, V2))?.reveal(), CANARY);
  });

  it('reports a put that failed before it worked', async () => {
    const { store, arn, fail } = await faulty();
    fail('before', 'PutSecretValue', SERVER_FAULT);
    const error = await failure(store.putPending(arn, V2, new Secret(CANARY), undefined));
    assert.equal(error.message, 'AWS did not do secretsmanager:PutSecretValue: InternalServiceError.');
    assert.match(String(error.cause), /status 500, request /);
    assert.equal(await store.read(arn, V2), undefined);
  });

  it('reports a lost put as failed when it cannot be read back', async () => {
    const { store, arn, fail } = await faulty();
    fail('after', 'PutSecretValue', SERVER_FAULT);
    fail('before', 'GetSecretValue', SERVER_FAULT);
    assert.match(
      (await failure(store.putPending(arn, V2, new Secret(CANARY), undefined))).message,
      /PutSecretValue/,
    );
  });

  it('takes a label move whose answer was lost for done when the label has moved', async () => {
    const { store, arn, version, fail } = await faulty();
    await store.putPending(arn, V2, new Secret('two'), undefined);
    fail('after', 'UpdateSecretVersionStage', SERVER_FAULT);
    await store.moveLabel(arn, 'AWSCURRENT', { from: version, to: V2 });
    assert.ok((await store.describe(arn)).versions.get(V2)?.includes('AWSCURRENT'));
  });

  it('takes the refusal of a move that the SDK repeated for done as well', async () => {
    const { store, arn, version, fail } = await faulty(2);
    await store.putPending(arn, V2, new Secret('two'), undefined);
    fail('after', 'UpdateSecretVersionStage', SERVER_FAULT);
    await store.moveLabel(arn, 'AWSCURRENT', { from: version, to: V2 });
  });

  it('does not call a move that never happened a conflict', async () => {
    const { store, arn, version, fail } = await faulty();
    await store.putPending(arn, V2, new Secret('two'), undefined);
    fail('before', 'UpdateSecretVersionStage', SERVER_FAULT);
    assert.equal(
      (await failure(store.moveLabel(arn, 'AWSCURRENT', { from: version, to: V2 }))).code,
      'aws-failed',
    );
    fail('before', 'UpdateSecretVersionStage', new AwsError('InvalidRequestException', 'for another reason'));
    assert.equal(
      (await failure(store.moveLabel(arn, 'AWSCURRENT', { from: version, to: V2 }))).code,
      'aws-failed',
    );
  });

  it('tells a secret that it may not read from a service that fails', async () => {
    const { store, arn, fail } = await faulty();
    for (const code of ['AccessDeniedException', 'DecryptionFailure'])
      for (const [operation, run] of [
        ['DescribeSecret', () => store.describe(arn)],
        ['GetSecretValue', () => store.read(arn, V2)],
      ] as const) {
        fail('before', operation, new AwsError(code, CANARY));
        const { code: told, message } = await failure(run());
        assert.equal(told, 'secret-unreadable', operation);
        assert.match(message, new RegExp(`may not read the secret ${arn} .${code}.: .*secretKmsKeyArns`));
      }
  });

  it('names operation and code of every other failure, without the message of the service', async () => {
    const { store, arn, fail } = await faulty();
    const denied = new AwsError('AccessDeniedException', `not for ${CANARY}`);
    fail('before', 'DescribeSecret', new AwsError('InvalidRequestException', CANARY));
    assert.equal(
      (await failure(store.describe(arn))).message,
      'AWS did not do secretsmanager:DescribeSecret: InvalidRequestException.',
    );
    fail('before', 'GetSecretValue', new AwsError('InvalidRequestException', CANARY));
    assert.equal(
      (await failure(store.read(arn, V2))).message,
      'AWS did not do secretsmanager:GetSecretValue: InvalidRequestException.',
    );
    fail('before', 'RotateSecret', denied);
    assert.equal(
      (await failure(store.startRotation(arn, V2))).message,
      'AWS did not do secretsmanager:RotateSecret: AccessDeniedException.',
    );
    fail('before', 'ListSecrets', denied);
    const listing = async (): Promise<void> => {
      for await (const _ of store.list('main'));
    };
    assert.equal(
      (await failure(listing())).message,
      'AWS did not do secretsmanager:ListSecrets: AccessDeniedException.',
    );
  });

  it('does not show an answer it cannot parse', async () => {
    const { aws } = sandbox();
    const broken = {
      ...aws.requestHandler(ROOT),
      handle: async () => ({
        response: { statusCode: 200, headers: {}, body: Buffer.from(`{"SecretString": ${CANARY}`) },
      }),
    };
    const store = secretsManagerStore(
      new SecretsManagerClient({ ...aws.clientConfig(ROOT), requestHandler: broken, maxAttempts: 1 }),
    );
    assert.equal((await failure(store.read('prod/ci', V2))).code, 'aws-failed');
  });

  it('refuses a binary value', async () => {
    const { store, secrets, arn } = await faulty();
    await secrets.send(
      new PutSecretValueCommand({ SecretId: arn, ClientRequestToken: V2, SecretBinary: Buffer.from(CANARY) }),
    );
    assert.equal((await failure(store.read(arn, V2))).code, 'secret-invalid');
  });

  it('passes the rotation token on to PutSecretValue', async () => {
    const { secrets, arn } = await faulty();
    const seen: unknown[] = [];
    secrets.middlewareStack.add((next) => async (args) => {
      if ('RotationToken' in args.input) seen.push(args.input.RotationToken);
      return next(args);
    });
    const store = secretsManagerStore(secrets);
    await store.putPending(arn, V2, new Secret('two'), new Secret('rotation-token')).catch(() => undefined);
    assert.deepEqual(seen, ['rotation-token']);
  });

  it('describes replicas, and secrets that other services manage', async () => {
    const { store, aws, arn } = await faulty();
    aws.secretsManager.adjust(arn, {
      primaryRegion: 'eu-central-1',
      replicas: [{ Region: 'eu-west-1', Status: 'InSync' }],
    });
    const primary = await store.describe(arn);
    assert.deepEqual(
      [primary.primaryRegion, primary.replicas],
      [undefined, [{ region: 'eu-west-1', status: 'InSync' }]],
    );
    aws.secretsManager.adjust(arn, {
      primaryRegion: 'us-east-1',
      owningService: 'rds',
      type: 'GitLabAccessToken',
      replicas: [{ Region: 'eu-west-1', Status: 'Failed', StatusMessage: 'The key is disabled' }],
    });
    const other = await store.describe(arn);
    assert.deepEqual(
      [other.primaryRegion, other.owningService, other.externalType, other.replicas],
      [
        'us-east-1',
        'rds',
        'GitLabAccessToken',
        [{ region: 'eu-west-1', status: 'Failed', message: 'The key is disabled' }],
      ],
    );
  });
});
