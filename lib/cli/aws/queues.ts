import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
  paginateListQueues,
  type ListMessageMoveTasksResultEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { aws } from '../../../functions/adapters/aws-errors.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';

/** A queue for what was given up. */
export interface DeadLetterQueue {
  readonly name: string;
  readonly arn: string;
  /** About as many messages as wait in it. */
  readonly messages: number;
  /**
   * The ARN of the queue that is worked off, to which all of it goes back; undefined where what it holds was
   * meant for no queue.
   */
  readonly backTo: string | undefined;
}

/** How far the moving of one queue has come. */
export interface Move {
  readonly state: 'running' | 'ended';
  /** About as many messages were moved. */
  readonly moved: number;
  /** About as many are left that were to be moved. */
  readonly left: number;
  /** Why it ended before all were moved, in a word of AWS. */
  readonly reason: string | undefined;
}

/** What was given up, and the way back. Errors: `aws-failed`. */
export interface DeadLetterQueues {
  list(): Promise<DeadLetterQueue[]>;
  /**
   * Begins to move everything in it back, unless that is under way already. Resolves to a moment after which
   * the move began, to look how it ends.
   */
  moveBack(queue: DeadLetterQueue): Promise<Instant>;
  /** The move out of a queue that began after a moment; undefined while none shows. */
  moveOf(queue: DeadLetterQueue, after: Instant): Promise<Move | undefined>;
}

/**
 * The dead-letter queues that can be moved back: what a schedule gave up comes anew by itself, and has no
 * queue to go to. Each is told where to: rules and topics put messages into them directly, which have no
 * source queue that AWS could find (Amazon SQS API Reference, "StartMessageMoveTask": without DestinationArn
 * messages go back to their source queues).
 */
export function deadQueues(client: SQSClient, prefix: string): DeadLetterQueues {
  return {
    async list() {
      const urls = await aws('sqs:ListQueues', async () => {
        const found: string[] = [];
        for await (const page of paginateListQueues({ client, pageSize: 1_000 }, { QueueNamePrefix: prefix }))
          found.push(...(page.QueueUrls ?? []));
        return found;
      });
      const dead = urls.filter((url) => url.endsWith(DEAD) && !url.endsWith(`-schedule${DEAD}`)).sort();
      return Promise.all(dead.map((url) => lookAt(client, url, urls.includes(url.slice(0, -DEAD.length)))));
    },
    async moveBack(queue) {
      const before = await latestTask(client, queue.arn);
      const startedAt = before?.StartedTimestamp ?? 0;
      if (before && isRunning(before)) return startedAt - 1;
      await aws('sqs:StartMessageMoveTask', () =>
        client.send(new StartMessageMoveTaskCommand({ SourceArn: queue.arn, DestinationArn: queue.backTo })),
      );
      return startedAt;
    },
    async moveOf({ arn, messages }, after) {
      const task = await latestTask(client, arn);
      if (!task || (task.StartedTimestamp ?? 0) <= after) return undefined;
      const moved = task.ApproximateNumberOfMessagesMoved ?? 0;
      const reason =
        isRunning(task) || task.Status === 'COMPLETED'
          ? undefined
          : (task.FailureReason ?? task.Status ?? 'unknown');
      return {
        state: isRunning(task) ? 'running' : 'ended',
        moved,
        left: Math.max(0, (task.ApproximateNumberOfMessagesToMove ?? messages) - moved),
        reason,
      };
    },
  };
}

const DEAD = '-dlq';

async function latestTask(
  client: SQSClient,
  arn: string,
): Promise<ListMessageMoveTasksResultEntry | undefined> {
  const { Results } = await aws('sqs:ListMessageMoveTasks', () =>
    client.send(new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 })),
  );
  return Results?.[0];
}

function isRunning({ Status }: ListMessageMoveTasksResultEntry): boolean {
  return Status === 'RUNNING' || Status === 'CANCELLING';
}

async function lookAt(client: SQSClient, url: string, isWorkedOff: boolean): Promise<DeadLetterQueue> {
  const { Attributes } = await aws('sqs:GetQueueAttributes', () =>
    client.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages'],
      }),
    ),
  );
  const arn = Attributes?.['QueueArn'] ?? '';
  return {
    name: url.split('/').at(-1) ?? url,
    arn,
    messages: Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0),
    backTo: isWorkedOff ? arn.slice(0, -DEAD.length) : undefined,
  };
}
