import * as z from 'zod';
import { AwsError } from '../errors.ts';
import { operation } from '../operation.ts';
import type { Operation, Plan, World } from '../types.ts';
import type { Queue } from './queue.ts';
import type { Sqs } from './service.ts';

interface Task {
  readonly Status: 'COMPLETED' | 'FAILED';
  readonly SourceArn: string;
  readonly DestinationArn?: string;
  readonly ApproximateNumberOfMessagesMoved: number;
  readonly ApproximateNumberOfMessagesToMove: number;
  readonly FailureReason?: string;
  readonly StartedTimestamp: number;
}

/** As many as AWS tells of (Amazon SQS API Reference, "ListMessageMoveTasks"). */
const MOST_TASKS = 10;

/**
 * Moving back what dead-letter queues hold, at once. Without a destination a message goes to the queue that gave it up; one that a rule or a topic put there itself has none, and stays:
 * "Non-SQS queue sources of DLQs, such as Lambda or Amazon SNS topics, are not currently supported" (Amazon SQS API Reference, "StartMessageMoveTask").
 */
export function moveTasks(world: World, sqs: Sqs): [string, Operation][] {
  const tasks: Task[] = [];
  const on = (arn: string, action: string, run: (queue: Queue) => unknown): Plan => ({ resource: arn, checks: sqs.checks(arn, action), run: () => run(sqs.queue(arn)) });
  return [
    operation('StartMessageMoveTask', z.strictObject({ SourceArn: z.string(), DestinationArn: z.string().optional() }), ({ SourceArn, DestinationArn }) =>
      on(SourceArn, 'sqs:StartMessageMoveTask', (dead) => {
        const isDead = sqs.names().some((name) => sqs.queue(name).settings.redrive?.deadLetterArn === SourceArn);
        if (!isDead) throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
        const moved = move(dead, DestinationArn, sqs);
        const left = dead.messages.length;
        tasks.unshift({
          Status: left > 0 ? 'FAILED' : 'COMPLETED',
          SourceArn,
          ...(DestinationArn !== undefined && { DestinationArn }),
          ApproximateNumberOfMessagesMoved: moved,
          ApproximateNumberOfMessagesToMove: moved + left,
          ...(left > 0 && { FailureReason: 'CouldNotDetermineMessageSource' }),
          StartedTimestamp: Math.max(world.clock.now(), (tasks[0]?.StartedTimestamp ?? 0) + 1),
        });
        return { TaskHandle: Buffer.from(SourceArn).toString('base64') };
      }),
    ),
    operation('ListMessageMoveTasks', z.strictObject({ SourceArn: z.string(), MaxResults: z.number().int().min(1).max(MOST_TASKS).optional() }), ({ SourceArn, MaxResults = 1 }) =>
      on(SourceArn, 'sqs:ListMessageMoveTasks', () => ({ Results: tasks.filter((one) => one.SourceArn === SourceArn).slice(0, MaxResults) })),
    ),
  ];
}

/** How many were moved. */
function move(dead: Queue, destinationArn: string | undefined, sqs: Sqs): number {
  const known = dead.messages.filter((message) => destinationArn !== undefined || message.gaveUpBy !== undefined);
  for (const message of known) {
    dead.remove(message);
    sqs.queue(destinationArn ?? message.gaveUpBy ?? '').put({ ...message, receiveCount: 0, receipt: undefined });
  }
  return known.length;
}
