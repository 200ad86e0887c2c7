import type { SQSBatchResponse } from 'aws-lambda';
import { dynamodbClient, sqsClient } from '../adapters/aws-clients.ts';
import { dynamodbInventory } from '../adapters/dynamodb/inventory.ts';
import { lambdaLog } from '../adapters/log.ts';
import { sqsForwards } from '../adapters/sqs-forwards.ts';
import { Command } from '../core/commands/commands.ts';
import { forward, type ForwardPorts } from '../use-cases/commands/forward.ts';
import { once, parseEnv } from './cold-start.ts';
import { parseMessage } from './message.ts';
import { reported } from './report.ts';
import { RouterEnv } from './router.env.ts';
import { workOff } from './sqs-batch.ts';

const LOG = lambdaLog();

const setUp = once((): ForwardPorts => {
  const env = parseEnv(RouterEnv, process.env);
  return {
    inventory: dynamodbInventory({ client: dynamodbClient(), name: env.TABLE_NAME }),
    forwards: sqsForwards(sqsClient(), env.WORKER_QUEUES),
    providers: Object.keys(env.WORKER_QUEUES),
    log: LOG,
    now: Date.now,
  };
});

/** `router`: what people ask for, by the one queue that is theirs. */
export function handler(event: unknown): Promise<SQSBatchResponse> {
  return reported(LOG, async () => {
    const ports = setUp();
    return workOff(
      event,
      LOG,
      async ({ body, origin }) => void (await forward(parseMessage(Command, body, 'command'), origin, ports)),
    );
  });
}
