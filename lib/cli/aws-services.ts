import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { aws, hasCode } from '../../functions/adapters/aws-errors.ts';
import { sqsCommands } from '../../functions/adapters/sqs-commands.ts';
import { KeyturnError } from '../../functions/core/errors.ts';
import type { CommandQueue } from '../../functions/core/ports.ts';
import { namesOf } from '../infra/names.ts';
import type { CliPorts } from './command.ts';
import { CliError, EXIT } from './exit.ts';
import { managedSecrets, type Home } from './manifest/secrets.ts';
import { deadQueues } from './queues.ts';
import { alertTopics } from './topics.ts';
import { askWhose } from './whose.ts';

/** The part of a client's configuration that is the same for every service. */
export type ClientConfig = Pick<SQSClientConfig, 'endpoint' | 'region' | 'profile' | 'credentials' | 'requestHandler' | 'maxAttempts'>;

/** What the command reaches beside the table. */
export type AwsServices = Pick<CliPorts, 'commands' | 'secrets' | 'whose' | 'topics' | 'queues'>;

interface ServiceClients {
  readonly lambda: LambdaClient;
  readonly secrets: SecretsManagerClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

/** The services of an installation, by one configuration. */
export function awsServices(config: ClientConfig, installation: string): AwsServices {
  return servicesOver({ lambda: new LambdaClient(config), secrets: new SecretsManagerClient(config), sns: new SNSClient(config), sqs: new SQSClient(config), sts: new STSClient(config) }, installation);
}

/** The services of an installation, over given clients. */
function servicesOver(clients: ServiceClients, installation: string): AwsServices {
  const names = namesOf(installation);
  const home = once(() => homeOf(clients));
  const topics = once(async () => {
    const at = await home();
    return alertTopics(clients.sns, [topicArn(at, names.alertTopic), topicArn(at, names.chatTopic)]);
  });
  return {
    commands: requestQueue(clients.sqs, installation),
    secrets: managedSecrets(clients.secrets, home),
    whose: (digests) => askWhose(clients.lambda, names.part('leaks'), digests),
    topics: { arns: async () => (await topics()).arns(), list: async () => (await topics()).list(), confirm: async (...asked) => (await topics()).confirm(...asked) },
    queues: deadQueues(clients.sqs, names.part('')),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function topicArn({ partition, region, account }: Home, name: string): string {
  return `arn:${partition}:sns:${region}:${account}:${name}`;
}

/** GetCallerIdentity needs no permission. */
async function homeOf({ sts }: ServiceClients): Promise<Home> {
  const region = await sts.config.region();
  const { Account: account, Arn: arn } = await aws('sts:GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand({})));
  if (account === undefined) throw new KeyturnError('aws-failed', 'AWS did not do sts:GetCallerIdentity: the answer has no account.');
  return { region, account, partition: arn?.split(':')[1] ?? 'aws' };
}

/** The queue for what people ask, found by name: from there the router sends each request on to where the token's record says. Errors: `aws-failed`, {@link CliError} where nothing is deployed. */
export function requestQueue(client: SQSClient, installation: string): CommandQueue {
  const name = namesOf(installation).requests;
  return {
    async send(provider, commands) {
      const url = await queueUrl(client, name);
      await sqsCommands(client, { [provider]: url }).send(provider, commands);
    },
  };
}

const NO_QUEUE = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

async function queueUrl(client: SQSClient, name: string): Promise<string> {
  return aws('sqs:GetQueueUrl', async () => {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
    return QueueUrl ?? '';
  }).catch((error: unknown) => {
    const cause = error instanceof Error ? error.cause : undefined;
    if (!hasCode(cause, ...NO_QUEUE)) throw error;
    throw new CliError(EXIT.failed, `There is no queue ${name}: deploy the installation, or correct --installation, --region or --profile.`, { cause: error });
  });
}
