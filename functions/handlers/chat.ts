import { dynamodbClient, snsClient } from '../adapters/aws-clients.ts';
import { dynamodbAlertLedger } from '../adapters/dynamodb/alert-ledger.ts';
import { dynamodbInventory } from '../adapters/dynamodb/inventory.ts';
import { lambdaLog } from '../adapters/log.ts';
import { snsRoom } from '../adapters/sns-topic.ts';
import { chat, chatAlarm, type ChatPorts } from '../use-cases/alerts/chat.ts';
import { ChatEnv } from './chat.env.ts';
import { once, parseEnv } from './cold-start.ts';
import { scopeIn } from './common.env.ts';
import { toldBy } from './topic-messages.ts';

const setUp = once((): ChatPorts => {
  const env = parseEnv(ChatEnv, process.env);
  const table = { client: dynamodbClient(), name: env.TABLE_NAME };
  return {
    installation: scopeIn(env),
    inventory: dynamodbInventory(table),
    ledger: dynamodbAlertLedger(table, 'chat'),
    log: lambdaLog(),
    room: snsRoom(snsClient(), env.CHAT_TOPIC_ARN),
    now: Date.now,
    runbookUrl: env.RUNBOOK_URL === '' ? undefined : env.RUNBOOK_URL,
  };
});

/** `chat`: what came over the topic for alerts, through a queue, in the form that chat rooms take. */
export const handler = toldBy(setUp, { notice: chat, alarm: chatAlarm });
