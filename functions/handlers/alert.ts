import type { SQSBatchResponse } from 'aws-lambda';
import { dynamodbClient, snsClient } from '../adapters/aws-clients.ts';
import { dynamodbAlertLedger } from '../adapters/dynamodb/alert-ledger.ts';
import { dynamodbInventory } from '../adapters/dynamodb/inventory.ts';
import { heartbeat } from '../adapters/metrics.ts';
import { lambdaLog } from '../adapters/log.ts';
import { snsCanaries, snsTopic } from '../adapters/sns-topic.ts';
import type { Part } from '../core/inventory/metric-names.ts';
import { signed } from '../core/alerts/origin.ts';
import { routed } from '../core/alerts/routing.ts';
import { alert, type AlertPorts } from '../use-cases/alerts/alert.ts';
import { passOnCanary, type PassOnPorts } from '../use-cases/alerts/canary.ts';
import { sendReminders } from '../use-cases/alerts/send-reminders.ts';
import { sendDigests } from '../use-cases/alerts/send-digests.ts';
import { AlertEnv } from './alert.env.ts';
import { once, parseEnv } from './cold-start.ts';
import { scopeIn } from './common.env.ts';
import { factIn } from './eventbridge-message.ts';
import { reported, requireNoneFailed } from './report.ts';
import { isSqsEvent, workOff } from './sqs-batch.ts';

const LOG = lambdaLog();

const setUp = once((): AlertPorts & PassOnPorts & { finished: (part: Part) => void } => {
  const env = parseEnv(AlertEnv, process.env);
  const installation = scopeIn(env);
  const table = { client: dynamodbClient(), name: env.TABLE_NAME };
  return {
    installation,
    inventory: dynamodbInventory(table),
    ledger: dynamodbAlertLedger(table, 'alert'),
    topic: routed(signed(snsTopic(snsClient(), env.TOPIC_ARN), installation), {
      owners: env.ROUTED_OWNERS,
      fallback: env.FALLBACK_OWNER === '' ? undefined : env.FALLBACK_OWNER,
    }),
    canaries: snsCanaries(snsClient(), env.CANARY_TOPIC_ARN),
    remindAfter: env.REMIND_AFTER,
    finished: heartbeat(env.KEYTURN_INSTALLATION),
    log: LOG,
    now: Date.now,
    habits: { digest: env.DIGEST, quietHours: env.QUIET_HOURS },
    runbookUrl: env.RUNBOOK_URL === '' ? undefined : env.RUNBOOK_URL,
  };
});

/**
 * `alert`: facts from the bus, through a queue, of which those about findings become messages; and what
 * waited, when a schedule calls.
 */
export function handler(event: unknown): Promise<SQSBatchResponse | undefined> {
  return reported(LOG, async () => {
    const ports = setUp();
    if (!isSqsEvent(event)) return tellWhatWaited(ports);
    return workOff(event, LOG, async ({ body }) => {
      const fact = factIn(body);
      if (fact.type === 'finding') await alert(fact, ports);
      if (fact.type === 'canary') await passOnCanary(fact, ports);
    });
  });
}

async function tellWhatWaited({ finished, ...ports }: ReturnType<typeof setUp>): Promise<undefined> {
  const digests = await sendDigests(ports);
  const reminders = await sendReminders(ports);
  LOG.info('told what waited', {
    digests: digests.sent,
    reminders: reminders.reminded,
    damaged: digests.damaged + reminders.damaged,
  });
  finished('alert');
  requireNoneFailed(digests.failed + reminders.failed, 'message', 'sent');
  requireNoneFailed(digests.damaged + reminders.damaged, 'record', 'read');
}
