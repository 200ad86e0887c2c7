import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { secretCourier } from '../../functions/adapters/secret-courier.ts';
import type { Courier } from '../../functions/core/delivery/courier.ts';
import type { AwsOptions } from '../../lib/sandbox/aws/aws.ts';
import type { CallHook } from '../../lib/sandbox/aws/types.ts';
import { CONTRACT_SECRET } from '../contracts/courier.ts';
import { ROOT, sandbox, token, type Sandbox } from '../sandbox/aws/world.ts';

export const TARGET_SECRET = 'prod/app';
export const TARGET = `${TARGET_SECRET}:GITLAB_TOKEN`;

/** White space, order, numbers and escapes as no serializer would write them. */
export const TEXT =
  '\n{ "B" : 1.50,\t"GITLAB_TOKEN":"old-token-value", "É":"\\u00e9\\/", "x":{"GITLAB_TOKEN":2} }\r\n';

/** The same with a value in the field. */
export function textWith(value: string): string {
  return TEXT.replace('old-token-value', value);
}

export interface TargetWorld extends Sandbox {
  readonly courier: Courier;
  /** What the target secret's version with a label holds; undefined without one. */
  text(label?: string): Promise<string | undefined>;
  /** Its versions with labels. */
  labels(): Promise<Record<string, string[]>>;
  /** Somebody stores another text, as the console does. */
  put(text: string): Promise<void>;
  /** Does something in another's name: it is not noted, and no hook meets it. */
  theirs<T>(run: () => Promise<T>): Promise<T>;
  /** Calls that were made to Secrets Manager by the courier since the last time this was asked. */
  calls(): string[];
  /** What is done at the next calls: throwing cuts the run off. */
  at: (call: CallHook) => void | Promise<void>;
}

/** A target secret `prod/app` in a sandbox, and a courier that may write its fields. */
export async function targetWorld(
  value: { readonly SecretString?: string; readonly SecretBinary?: Uint8Array } = { SecretString: TEXT },
  options: Partial<AwsOptions> = {},
  target = 'prod/*',
): Promise<TargetWorld> {
  const seen: string[] = [];
  const hooks: Pick<TargetWorld, 'at'> = { at: () => undefined };
  let isTheirs = true;
  const onCall = async (call: CallHook): Promise<void> => {
    if (isTheirs) return;
    if (call.phase === 'before') seen.push(call.operation);
    await hooks.at(call);
  };
  const world = sandbox({ ...options, onCall });
  const client = new SecretsManagerClient({ ...world.aws.clientConfig(ROOT), maxAttempts: 1 });
  await world.secrets.send(
    new CreateSecretCommand({ Name: TARGET_SECRET, ...value, ClientRequestToken: token('first') }),
  );
  isTheirs = false;
  const courier = secretCourier(client, [{ secret: CONTRACT_SECRET, target }]);
  const theirs = async <T>(run: () => Promise<T>): Promise<T> => {
    const before = isTheirs;
    isTheirs = true;
    try {
      return await run();
    } finally {
      isTheirs = before;
    }
  };
  return Object.assign(hooks, {
    ...world,
    courier,
    theirs,
    text: (VersionStage = 'AWSCURRENT') =>
      theirs(async () => {
        const command = new GetSecretValueCommand({ SecretId: TARGET_SECRET, VersionStage });
        return (await world.secrets.send(command).catch(() => undefined))?.SecretString;
      }),
    labels: () =>
      theirs(
        async () =>
          (await world.secrets.send(new DescribeSecretCommand({ SecretId: TARGET_SECRET })))
            .VersionIdsToStages ?? assert.fail('no versions'),
      ),
    put: (SecretString: string) =>
      theirs(
        async () =>
          void (await world.secrets.send(
            new PutSecretValueCommand({ SecretId: TARGET_SECRET, SecretString }),
          )),
      ),
    calls: () => seen.splice(0),
  });
}
