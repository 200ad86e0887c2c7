import { GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { aws, hasCode } from '../../../functions/adapters/aws-errors.ts';
import { sqsCommands } from '../../../functions/adapters/sqs-commands.ts';
import type { CommandQueue } from '../../../functions/core/ports/command-queue.ts';
import { CliError, EXIT } from '../command-line/exit.ts';

/**
 * The queue for what people ask, found by name: from there the router sends each request on to where the
 * token's record says. Errors: `aws-failed`, {@link CliError} where nothing is deployed.
 */
export function requestQueue(client: SQSClient, name: string): CommandQueue {
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
    throw new CliError(
      EXIT.failed,
      `There is no queue ${name}: deploy the installation, or correct --installation, --region or --profile.`,
      { cause: error },
    );
  });
}
