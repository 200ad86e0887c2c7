import type { SQSBatchResponse } from 'aws-lambda';
import { dynamodbClient, secretsManagerClient } from '../adapters/aws-clients.ts';
import { dynamodbAlertLedger } from '../adapters/dynamodb-alert-ledger.ts';
import { lambdaLog } from '../adapters/log.ts';
import { secretsManagerStore } from '../adapters/secrets-manager-store.ts';
import { pageAlarm, pageNotice, type PagePorts } from '../use-cases/page.ts';
import { once, parseEnv } from './cold-start.ts';
import { PagerEnv } from './pager.env.ts';
import { reported } from './report.ts';
import { parseMessage } from './message.ts';
import { Told } from './told.ts';
import { workOff } from './sqs-batch.ts';

const LOG = lambdaLog();

const setUp = once((): PagePorts => {
  const env = parseEnv(PagerEnv, process.env);
  const secrets = secretsManagerStore(secretsManagerClient());
  const ledger = dynamodbAlertLedger({ client: dynamodbClient(), name: env.TABLE_NAME });
  return { fetch, ledger, now: Date.now, url: env.PAGER_URL, routingSecret: () => secrets.readAdmin(env.PAGER_SECRET) };
});

/** `pager`: what came over the topic, through a queue: alerts, as machines get them, and alarms as CloudWatch words them. */
export function handler(event: unknown): Promise<SQSBatchResponse> {
  return reported(LOG, async () => {
    const ports = setUp();
    return workOff(event, LOG, async ({ body }) => {
      const told = parseMessage(Told, body, 'alert of Keyturn and no alarm of CloudWatch');
      await ('AlarmName' in told ? pageAlarm(told, ports) : pageNotice(told, ports));
    });
  });
}
