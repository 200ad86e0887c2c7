import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { dynamodbAlertLedger } from '../../../functions/adapters/dynamodb/alert-ledger.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { namesOf } from '../../../functions/core/basics/resource-names.ts';
import { askingIssuers, sendToSandbox, type Send } from './ask-issuer.ts';
import { inventoryReads } from './inventory-reads.ts';
import { awsServices, type AwsServices, type ClientConfig } from './services.ts';
import type { CliPorts } from '../command-line/command.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import type { SandboxFile } from '../sandbox/file.ts';

/** What the command line says of the account. What it leaves out, the SDK finds as every AWS tool does. */
export interface AwsChoice {
  readonly installation: string;
  readonly region: string | undefined;
  readonly profile: string | undefined;
}

/** What an installation is reached by. */
export interface Access {
  readonly dynamodb: DynamoDBClient;
  /** Everything beside the table. */
  readonly services: AwsServices;
}

/**
 * An installation in AWS, with the usual environment and profiles. Errors: `aws-failed` without usable
 * credentials, {@link CliError} without a Region.
 */
export async function awsWorld({ installation, region, profile }: AwsChoice): Promise<CliPorts> {
  const access = accessWith(
    { ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) },
    installation,
  );
  await requireRegion(access);
  return portsOver(access, installation, async () => Date.now());
}

/** The installation in a sandbox: its own, unless another one is named. Errors: as {@link awsWorld}. */
export async function sandboxWorld(file: SandboxFile, installation: string | undefined): Promise<CliPorts> {
  const { sandboxControl } = await import('../sandbox/control.ts');
  const { sessionToken, ...keys } = file.credentials;
  const control = sandboxControl(file.endpoint);
  const state = await control.state();
  const name = installation ?? state.installation;
  const access = accessWith(
    {
      endpoint: file.endpoint,
      region: file.region,
      credentials: { ...keys, ...(sessionToken !== undefined && { sessionToken }) },
    },
    name,
  );
  const now = async (): Promise<number> => (await control.state()).now;
  return { ...portsOver(access, name, now, sendToSandbox(file.endpoint, fetch)), control };
}

/** Access by one configuration. */
export function accessWith(config: ClientConfig, installation: string): Access {
  return { dynamodb: new DynamoDBClient(config), services: awsServices(config, installation) };
}

async function requireRegion({ dynamodb }: Access): Promise<void> {
  await dynamodb.config.region().catch((error: unknown) => {
    throw new CliError(
      EXIT.failed,
      'No AWS Region is set: name one with --region, AWS_REGION or the profile.',
      { cause: error },
    );
  });
}

/** An installation over given access. */
export function portsOver(
  { dynamodb, services }: Access,
  installation: string,
  now: CliPorts['now'],
  send: Send = fetch,
): CliPorts {
  const table = { client: dynamodb, name: namesOf(installation).table };
  return {
    installation,
    inventory: inventoryReads(table),
    lastTold: (teller, key) => dynamodbAlertLedger(table, teller).told(key),
    ...services,
    askIssuer: askingIssuers(send),
    providers: DESCRIPTORS.map(({ id }) => id),
    descriptor: (provider) => DESCRIPTORS.find((one) => one.id === provider),
    now,
  };
}
