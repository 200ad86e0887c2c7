import { GetQueueAttributesCommand, StartMessageMoveTaskCommand, paginateListQueues, type SQSClient } from '@aws-sdk/client-sqs';
import { aws } from '../../functions/adapters/aws-errors.ts';

/** A queue for what was given up. */
export interface DeadQueue {
  readonly name: string;
  readonly arn: string;
  /** About as many messages as wait in it. */
  readonly messages: number;
}

/** What was given up, and the way back. Errors: `aws-failed`. */
export interface DeadQueues {
  list(): Promise<DeadQueue[]>;
  /** Has everything in it moved back to the queue it came from. */
  moveBack(queue: DeadQueue): Promise<void>;
}

/** The dead-letter queues that can be moved back: what a schedule gave up comes anew by itself, and has no queue to go to. */
export function deadQueues(client: SQSClient, prefix: string): DeadQueues {
  return {
    async list() {
      const urls = await aws('sqs:ListQueues', async () => {
        const found: string[] = [];
        for await (const page of paginateListQueues({ client, pageSize: 1_000 }, { QueueNamePrefix: prefix })) found.push(...(page.QueueUrls ?? []));
        return found;
      });
      const dead = urls.filter((url) => url.endsWith('-dead') && !url.endsWith('-schedule-dead')).sort();
      return Promise.all(dead.map((url) => lookAt(client, url)));
    },
    async moveBack({ arn }) {
      await aws('sqs:StartMessageMoveTask', () => client.send(new StartMessageMoveTaskCommand({ SourceArn: arn })));
    },
  };
}

async function lookAt(client: SQSClient, url: string): Promise<DeadQueue> {
  const { Attributes } = await aws('sqs:GetQueueAttributes', () => client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages'] })));
  return { name: url.split('/').at(-1) ?? url, arn: Attributes?.['QueueArn'] ?? '', messages: Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0) };
}
