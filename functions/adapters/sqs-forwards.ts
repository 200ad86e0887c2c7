import type { SQSClient } from '@aws-sdk/client-sqs';
import { KeyturnError } from '../core/basics/errors.ts';
import type { ForwardQueue } from '../core/commands/senders.ts';
import { sqsMessages } from './sqs-messages.ts';

/**
 * The queues of the worker functions, by provider id, for what people ask. Errors: `provider-unknown`,
 * `aws-failed`.
 */
export function sqsForwards(client: SQSClient, queueUrls: Readonly<Record<string, string>>): ForwardQueue {
  return {
    async send(provider, forwarded) {
      const url = new Map(Object.entries(queueUrls)).get(provider);
      if (!url)
        throw new KeyturnError(
          'provider-unknown',
          `There is no queue for the issuer ${provider}: deploy Keyturn with it, or correct the tag.`,
        );
      await sqsMessages(client, url)(forwarded);
    },
  };
}
