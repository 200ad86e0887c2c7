import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { aws, hasCode } from '../../functions/adapters/aws-errors.ts';
import { dynamodbInventory } from '../../functions/adapters/dynamodb/inventory.ts';
import { sqsCommands } from '../../functions/adapters/sqs-commands.ts';
import { KeyturnError } from '../../functions/core/errors.ts';
import type { CommandQueue } from '../../functions/core/ports.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { namesOf } from '../infra/names.ts';
import type { CliPorts } from './command.ts';
import { CliError, EXIT } from './exit.ts';
import { askWhose } from './whose.ts';
import { managedSecrets, type Home } from './manifest/secrets.ts';
import { deadQueues } from './queues.ts';
import { sandboxControl } from './sandbox-control.ts';
import type { SandboxFile } from './sandbox-file.ts';
import { alertTopics } from './topics.ts';

/** What the command line says of the account. What it leaves out, the SDK finds as every AWS tool does. */
export interface AwsChoice {
  readonly installation: string;
  readonly region: string | undefined;
  readonly profile: string | undefined;
}

interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly secrets: SecretsManagerClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

type ClientConfig = DynamoDBClientConfig & LambdaClientConfig & SecretsManagerClientConfig & SNSClientConfig & SQSClientConfig & STSClientConfig;

/** The clients of one configuration. */
export function clientsOf(config: ClientConfig): Clients {
  return { dynamodb: new DynamoDBClient(config), lambda: new LambdaClient(config), secrets: new SecretsManagerClient(config), sns: new SNSClient(config), sqs: new SQSClient(config), sts: new STSClient(config) };
}

/** An installation in AWS, with the usual environment and profiles. Errors: `aws-failed` without usable credentials, {@link CliError} without a Region. */
export async function awsWorld(choice: AwsChoice): Promise<CliPorts> {
  const { region, profile } = choice;
  const clients = clientsOf({ ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) });
  return portsOver(clients, choice.installation, async () => Date.now());
}

/** The installation in a sandbox: its own, unless another one is named. Errors: as {@link awsWorld}. */
export async function sandboxWorld(file: SandboxFile, installation: string | undefined): Promise<CliPorts> {
  const { sessionToken, ...keys } = file.credentials;
  const clients = clientsOf({ endpoint: file.endpoint, region: file.region, credentials: { ...keys, ...(sessionToken !== undefined && { sessionToken }) } });
  const control = sandboxControl(file.endpoint, fetch);
  const state = await control.state();
  const now = async (): Promise<number> => (await control.state()).now;
  return { ...(await portsOver(clients, installation ?? state.installation, now)), control };
}

/** An installation over given clients. */
export async function portsOver(clients: Clients, installation: string, now: CliPorts['now']): Promise<CliPorts> {
  const home = await homeOf(clients);
  return {
    installation,
    inventory: dynamodbInventory({ client: clients.dynamodb, name: namesOf(installation).table }),
    commands: requestQueue(clients.sqs, installation),
    secrets: managedSecrets(clients.secrets, home),
    whose: (digests) => askWhose(clients.lambda, namesOf(installation).part('leaks'), digests),
    topics: alertTopics(clients.sns, [topicArn(home, namesOf(installation).alertTopic), topicArn(home, namesOf(installation).chatTopic)]),
    queues: deadQueues(clients.sqs, namesOf(installation).part('')),
    providers: DESCRIPTORS.map(({ id }) => id),
    descriptor: (provider) => DESCRIPTORS.find((one) => one.id === provider),
    now,
  };
}

function topicArn({ partition, region, account }: Home, name: string): string {
  return `arn:${partition}:sns:${region}:${account}:${name}`;
}

/** GetCallerIdentity needs no permission, and tells at once whether the credentials are any good. */
async function homeOf({ sts }: Clients): Promise<Home> {
  const region = await sts.config.region().catch((error: unknown) => {
    throw new CliError(EXIT.failed, 'No AWS Region is set: name one with --region, AWS_REGION or the profile.', { cause: error });
  });
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
