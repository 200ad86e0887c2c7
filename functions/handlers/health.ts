import type { SQSBatchResponse } from 'aws-lambda';
import { cloudwatchClient, dynamodbClient, sqsClient } from '../adapters/aws-clients.ts';
import { cloudwatchAlarms } from '../adapters/cloudwatch-alarms.ts';
import { dynamodbInventory } from '../adapters/dynamodb/inventory.ts';
import { lambdaLog } from '../adapters/log.ts';
import { sqsCommands } from '../adapters/sqs-commands.ts';
import { heed, type HealthPorts } from '../use-cases/inventory/health-signals.ts';
import { once, parseEnv } from './cold-start.ts';
import { healthEventIn } from './eventbridge-message.ts';
import { HealthEnv } from './health.env.ts';
import { reported } from './report.ts';
import { workOff } from './sqs-batch.ts';

const LOG = lambdaLog();

const setUp = once((): HealthPorts => {
  const env = parseEnv(HealthEnv, process.env);
  return {
    inventory: dynamodbInventory({ client: dynamodbClient(), name: env.TABLE_NAME }),
    alarms: cloudwatchAlarms(cloudwatchClient()),
    commands: sqsCommands(sqsClient(), env.WORKER_QUEUES),
    log: LOG,
    now: Date.now,
  };
});

/** `health`: alarms that went off, and signals of the account's own, through a queue. */
export function handler(event: unknown): Promise<SQSBatchResponse> {
  return reported(LOG, async () => {
    const ports = setUp();
    return workOff(event, LOG, ({ body }) => heed(healthEventIn(body), ports));
  });
}
