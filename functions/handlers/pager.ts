import { dynamodbClient, secretsManagerClient } from '../adapters/aws-clients.ts';
import { dynamodbAlertLedger } from '../adapters/dynamodb/alert-ledger.ts';
import { secretsManagerStore } from '../adapters/secrets-manager/store.ts';
import { pageAlarm, pageNotice, type PagePorts } from '../use-cases/page.ts';
import { once, parseEnv } from './cold-start.ts';
import { PagerEnv } from './pager.env.ts';
import { toldBy } from './told.ts';

const setUp = once((): PagePorts => {
  const env = parseEnv(PagerEnv, process.env);
  const secrets = secretsManagerStore(secretsManagerClient());
  const ledger = dynamodbAlertLedger({ client: dynamodbClient(), name: env.TABLE_NAME }, 'pager');
  return { fetch, ledger, now: Date.now, url: env.PAGER_URL, routingSecret: () => secrets.readAdmin(env.PAGER_SECRET) };
});

/** `pager`: what came over the topic, through a queue: alerts, as machines get them, and alarms as CloudWatch words them. */
export const handler = toldBy(setUp, { notice: pageNotice, alarm: pageAlarm });
