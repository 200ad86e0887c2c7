import type { SQSBatchResponse } from 'aws-lambda';
import { dynamodbClient, snsClient } from '../adapters/aws-clients.ts';
import { dynamodbAlertLedger } from '../adapters/dynamodb-alert-ledger.ts';
import { lambdaLog } from '../adapters/log.ts';
import { snsRoom } from '../adapters/sns-topic.ts';
import { chat, chatAlarm, type ChatPorts } from '../use-cases/chat.ts';
import { ChatEnv } from './chat.env.ts';
import { once, parseEnv } from './cold-start.ts';
import { parseMessage } from './message.ts';
import { Told } from './told.ts';
import { reported } from './report.ts';
import { workOff } from './sqs-batch.ts';

const LOG = lambdaLog();

const setUp = once((): ChatPorts => {
  const env = parseEnv(ChatEnv, process.env);
  const ledger = dynamodbAlertLedger({ client: dynamodbClient(), name: env.TABLE_NAME });
  return { ledger, room: snsRoom(snsClient(), env.CHAT_TOPIC_ARN), now: Date.now, runbookUrl: env.RUNBOOK_URL === '' ? undefined : env.RUNBOOK_URL };
});

/** `chat`: what came over the topic for alerts, through a queue, in the form that chat rooms take. */
export function handler(event: unknown): Promise<SQSBatchResponse> {
  return reported(LOG, async () => {
    const ports = setUp();
    return workOff(event, LOG, async ({ body }) => {
      const told = parseMessage(Told, body, 'alert of Keyturn and no alarm of CloudWatch');
      await ('AlarmName' in told ? chatAlarm(told, ports) : chat(told, ports));
    });
  });
}
