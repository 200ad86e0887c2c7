import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { COMMANDS_IN_BATCH } from '../core/commands/commands.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import type { ConsumerKind } from '../core/consumers/consumer-kinds.ts';
import type { CommandQueue, Deliveries } from '../core/ports/command-queue.ts';
import { SECOND } from '../core/basics/time.ts';
import { aws } from './aws-errors.ts';
import { chunks } from './chunks.ts';

/** The queues of the worker functions, by provider id. Errors: `provider-unknown`, `aws-failed`. */
export function sqsCommands(client: SQSClient, queueUrls: Readonly<Record<string, string>>): CommandQueue {
  return {
    async send(provider, commands, delay = 0) {
      const url = new Map(Object.entries(queueUrls)).get(provider);
      if (!url)
        throw new KeyturnError(
          'provider-unknown',
          `There is no queue for the issuer ${provider}: deploy Keyturn with it, or correct the tag.`,
        );
      const refused = await sendAll(client, url, commands, Math.floor(delay / SECOND));
      if (refused > 0)
        throw new KeyturnError(
          'aws-failed',
          `SQS did not accept ${refused} of ${commands.length} commands for ${provider}.`,
        );
    },
  };
}

/**
 * The queue of the deliver function, and for what kinds of consumers it was deployed. Error: `aws-failed`.
 */
export function sqsDeliveries(
  client: SQSClient,
  queue: { url: string; kinds: readonly ConsumerKind[] },
): Deliveries {
  return {
    takes: (kind) => queue.kinds.includes(kind),
    async send(commands) {
      const refused = await sendAll(client, queue.url, commands, 0);
      if (refused > 0)
        throw new KeyturnError(
          'aws-failed',
          `SQS did not accept ${refused} of ${commands.length} commands for deliveries.`,
        );
    },
  };
}

/** Resolves to how many were not accepted. */
async function sendAll(
  client: SQSClient,
  url: string,
  commands: readonly object[],
  DelaySeconds: number,
): Promise<number> {
  let refused = 0;
  for (const batch of chunks(commands, COMMANDS_IN_BATCH)) {
    const Entries = batch.map((command, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(command),
      ...(DelaySeconds > 0 && { DelaySeconds }),
    }));
    const answer = await aws('sqs:SendMessageBatch', () =>
      client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries })),
    );
    refused += answer.Failed?.length ?? 0;
  }
  return refused;
}
