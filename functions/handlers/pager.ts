import * as z from 'zod';
import { dynamodbClient, secretsManagerClient } from '../adapters/aws-clients.ts';
import { dynamodbAlertLedger } from '../adapters/dynamodb-alert-ledger.ts';
import { lambdaLog } from '../adapters/log.ts';
import { secretsManagerStore } from '../adapters/secrets-manager-store.ts';
import { AlarmNotice } from '../core/alarm.ts';
import { KeyturnError } from '../core/errors.ts';
import { Notice } from '../core/notices.ts';
import { pageAlarm, pageNotice, type PagePorts } from '../use-cases/page.ts';
import { once, parseEnv } from './cold-start.ts';
import { PagerEnv } from './pager.env.ts';
import { reported } from './report.ts';
import { parseMessage } from './message.ts';

const LOG = lambdaLog();
const SnsEvent = z.object({ Records: z.array(z.object({ Sns: z.object({ Message: z.string() }) })) });

/** Alerts and alarms share the topic. */
const Told = z.union([Notice, AlarmNotice]);

const setUp = once((): PagePorts => {
  const env = parseEnv(PagerEnv, process.env);
  const secrets = secretsManagerStore(secretsManagerClient());
  const ledger = dynamodbAlertLedger({ client: dynamodbClient(), name: env.TABLE_NAME });
  return { fetch, ledger, now: Date.now, url: env.PAGER_URL, routingSecret: () => secrets.readAdmin(env.PAGER_SECRET) };
});

/** `pager`: alerts from the topic, which carry the fact for functions, and alarms as CloudWatch words them. SNS sends one record an event. */
export function handler(event: unknown): Promise<void> {
  return reported(LOG, async () => {
    const parsed = SnsEvent.safeParse(event);
    if (!parsed.success) throw new KeyturnError('bad-request', 'The event is no message of a topic: only SNS calls this function.');
    for (const { Sns } of parsed.data.Records) {
      const told = parseMessage(Told, Sns.Message, 'alert of Keyturn and no alarm of CloudWatch');
      if ('AlarmName' in told) await pageAlarm(told, setUp());
      else await pageNotice(told, setUp());
    }
  });
}
