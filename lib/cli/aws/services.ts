import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { namesOf } from '../../../functions/core/basics/resource-names.ts';
import type { CliPorts } from '../command-line/command.ts';
import type { Home } from '../manifest/secrets.ts';
import type { AlertTopics } from './topics.ts';

/** The part of a client's configuration that is the same for every service. */
export type ClientConfig = Pick<
  DynamoDBClientConfig,
  'endpoint' | 'region' | 'profile' | 'credentials' | 'requestHandler' | 'maxAttempts'
>;

/** What the command reaches beside the table. */
export type AwsServices = Pick<
  CliPorts,
  'commands' | 'secrets' | 'whose' | 'submitValue' | 'readAdmin' | 'topics' | 'queues'
>;

/**
 * The services of an installation. The client of each is loaded when it is first used: a command that only
 * reads the table waits for none.
 */
export function awsServices(config: ClientConfig, installation: string): AwsServices {
  const names = namesOf(installation);
  const home = once(async () => (await import('./home.ts')).homeOf(config));
  return {
    commands: lazyRequests(config, names.requests),
    secrets: lazySecrets(config, home),
    async whose(digests) {
      const [{ LambdaClient }, { askWhose }] = await Promise.all([
        import('@aws-sdk/client-lambda'),
        import('../leaks/whose.ts'),
      ]);
      return askWhose(new LambdaClient(config), names.part('leaks'), digests);
    },
    async submitValue(secretArn, value) {
      const [{ SecretsManagerClient }, { submitValue }] = await Promise.all([
        import('@aws-sdk/client-secrets-manager'),
        import('../../../functions/adapters/secrets-manager/submit.ts'),
      ]);
      const client = new SecretsManagerClient(config);
      await submitValue(client, secretArn, { versionId: crypto.randomUUID(), value });
    },
    async readAdmin(name) {
      const [{ SecretsManagerClient }, { secretsManagerStore }] = await Promise.all([
        import('@aws-sdk/client-secrets-manager'),
        import('../../../functions/adapters/secrets-manager/store.ts'),
      ]);
      return secretsManagerStore(new SecretsManagerClient(config)).readAdmin(name);
    },
    topics: lazyTopics(config, home, [names.alertTopic, names.chatTopic]),
    queues: lazyQueues(config, names.part('')),
  };
}

function lazyRequests(config: ClientConfig, name: string): AwsServices['commands'] {
  const loaded = once(async () => {
    const [{ SQSClient }, { requestQueue }] = await Promise.all([
      import('@aws-sdk/client-sqs'),
      import('./requests.ts'),
    ]);
    return requestQueue(new SQSClient(config), name);
  });
  return { send: async (...asked) => (await loaded()).send(...asked) };
}

function lazySecrets(config: ClientConfig, home: () => Promise<Home>): AwsServices['secrets'] {
  const loaded = once(async () => {
    const [{ SecretsManagerClient }, { managedSecrets }] = await Promise.all([
      import('@aws-sdk/client-secrets-manager'),
      import('../manifest/secrets.ts'),
    ]);
    return managedSecrets(new SecretsManagerClient(config), home);
  });
  return {
    arnOf: async (...asked) => (await loaded()).arnOf(...asked),
    find: async (...asked) => (await loaded()).find(...asked),
    create: async (...asked) => (await loaded()).create(...asked),
    setTags: async (...asked) => (await loaded()).setTags(...asked),
    dropTags: async (...asked) => (await loaded()).dropTags(...asked),
    attachRotation: async (...asked) => (await loaded()).attachRotation(...asked),
    scheduleDeletion: async (...asked) => (await loaded()).scheduleDeletion(...asked),
    functionArn: async (...asked) => (await loaded()).functionArn(...asked),
  };
}

function lazyTopics(
  config: ClientConfig,
  home: () => Promise<Home>,
  [first, ...others]: readonly [string, ...string[]],
): AlertTopics {
  const loaded = once(async () => {
    const [{ SNSClient }, { alertTopics }, at] = await Promise.all([
      import('@aws-sdk/client-sns'),
      import('./topics.ts'),
      home(),
    ]);
    return alertTopics(new SNSClient(config), [
      topicArn(at, first),
      ...others.map((name) => topicArn(at, name)),
    ]);
  });
  return {
    arns: async () => (await loaded()).arns(),
    list: async () => (await loaded()).list(),
    confirm: async (...asked) => (await loaded()).confirm(...asked),
  };
}

function lazyQueues(config: ClientConfig, prefix: string): AwsServices['queues'] {
  const loaded = once(async () => {
    const [{ SQSClient }, { deadQueues }] = await Promise.all([
      import('@aws-sdk/client-sqs'),
      import('./queues.ts'),
    ]);
    return deadQueues(new SQSClient(config), prefix);
  });
  return {
    list: async () => (await loaded()).list(),
    moveBack: async (...asked) => (await loaded()).moveBack(...asked),
    moveOf: async (...asked) => (await loaded()).moveOf(...asked),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function topicArn({ partition, region, account }: Home, name: string): string {
  return `arn:${partition}:sns:${region}:${account}:${name}`;
}
