import * as z from 'zod';
import type { Instant } from '../../../../functions/core/basics/time.ts';
import { AwsError } from '../errors.ts';
import { operation } from '../operation.ts';
import type { Check, Operation, Principal, World } from '../types.ts';
import type { Queue } from './queue.ts';
import type { Sqs } from './service.ts';

const Start = z.strictObject({
  SourceArn: z.string(),
  DestinationArn: z.string().optional(),
  MaxNumberOfMessagesPerSecond: z.number().int().min(1).max(500).optional(),
});
type Start = z.infer<typeof Start>;

interface Task {
  readonly startedAt: Instant;
  readonly input: Start;
  readonly asked: number;
  readonly moved: number;
}

/**
 * What a caller must be allowed besides the operation itself (developer guide, "Configure queue permissions
 * for a dead-letter queue redrive").
 */
const ON_DEAD = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/**
 * Redrives of dead-letter queues: StartMessageMoveTask and ListMessageMoveTasks. A task is over as soon as it
 * starts.
 */
class Moves {
  readonly #world: World;
  readonly #sqs: Sqs;
  readonly #tasks = new Map<string, Task[]>();

  constructor(world: World, sqs: Sqs) {
    this.#world = world;
    this.#sqs = sqs;
  }

  sourcesOf(deadArn: string): Queue[] {
    return this.#sqs
      .names()
      .map((name) => this.#sqs.queue(name))
      .filter(({ settings }) => settings.redrive?.deadLetterArn === deadArn);
  }

  find(arn: string): Queue {
    const queue = this.#sqs.names().find((name) => this.#sqs.arnOf(name) === arn);
    if (queue === undefined)
      throw new AwsError(
        'ResourceNotFoundException',
        "The resource that you specified for the SourceArn parameter doesn't exist.",
      );
    return this.#sqs.queue(queue);
  }

  /**
   * Oldest first. A message goes back to the queue that gave it up, as a new one that names who moved it as
   * its sender (which sender it names is not documented); one that came to the dead-letter queue in another
   * way has no such queue and stays.
   */
  start(input: Start, senderId: string): string {
    const dead = this.find(input.SourceArn);
    if (this.sourcesOf(input.SourceArn).length === 0)
      throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
    const destination = input.DestinationArn === undefined ? undefined : this.find(input.DestinationArn);
    if (destination === dead)
      throw new AwsError(
        'InvalidParameterValue',
        'Source queue arn and destination queue arn cannot be the same.',
      );
    const waiting = dead.visible();
    let moved = 0;
    for (const message of waiting) {
      const target =
        destination ?? (message.gaveUpBy === undefined ? undefined : this.#known(message.gaveUpBy));
      if (!target) continue;
      dead.remove(message);
      target.send({ body: message.body, attributes: message.attributes, senderId, delay: 0 });
      moved++;
    }
    const tasks = this.#tasks.get(input.SourceArn) ?? [];
    this.#tasks.set(
      input.SourceArn,
      [
        {
          startedAt: Math.max(this.#world.clock.now(), (tasks[0]?.startedAt ?? 0) + 1),
          input,
          asked: waiting.length,
          moved,
        },
        ...tasks,
      ].slice(0, 10),
    );
    return Buffer.from(JSON.stringify({ taskId: this.#world.uuid(), sourceArn: input.SourceArn })).toString(
      'base64',
    );
  }

  list(sourceArn: string, count: number): unknown {
    this.find(sourceArn);
    return { Results: (this.#tasks.get(sourceArn) ?? []).slice(0, count).map(resultOf) };
  }

  #known(arn: string): Queue | undefined {
    return this.#sqs.names().some((name) => this.#sqs.arnOf(name) === arn) ? this.#sqs.queue(arn) : undefined;
  }
}

/** A task that found messages without a source queue failed; what had one was moved. */
function resultOf({ startedAt, input, asked, moved }: Task): object {
  const isWhole = moved === asked;
  return {
    ...input,
    Status: isWhole ? 'COMPLETED' : 'FAILED',
    ApproximateNumberOfMessagesMoved: moved,
    ApproximateNumberOfMessagesToMove: asked,
    StartedTimestamp: startedAt,
    ...(!isWhole && { FailureReason: 'CouldNotDetermineMessageSource' }),
  };
}

export function moveOperations(
  world: World,
  sqs: Sqs,
  by: (who: Principal) => string,
): [string, Operation][] {
  const moves = new Moves(world, sqs);
  const onDead = (arn: string, action: string): Check[] =>
    [action, ...ON_DEAD].flatMap((one) => sqs.checks(arn, one));
  return [
    operation('StartMessageMoveTask', Start, (input, who) => {
      const targets =
        input.DestinationArn === undefined
          ? moves.sourcesOf(input.SourceArn).map(({ settings }) => sqs.arnOf(settings.name))
          : [input.DestinationArn];
      const checks = [
        ...onDead(input.SourceArn, 'sqs:StartMessageMoveTask'),
        ...targets.flatMap((arn) => sqs.checks(arn, 'sqs:SendMessage')),
      ];
      return { resource: input.SourceArn, checks, run: () => ({ TaskHandle: moves.start(input, by(who)) }) };
    }),
    operation(
      'ListMessageMoveTasks',
      z.strictObject({ SourceArn: z.string(), MaxResults: z.number().int().min(1).max(10).optional() }),
      ({ SourceArn, MaxResults = 1 }) => ({
        resource: SourceArn,
        checks: onDead(SourceArn, 'sqs:ListMessageMoveTasks'),
        run: () => moves.list(SourceArn, MaxResults),
      }),
    ),
  ];
}
