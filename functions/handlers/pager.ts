import { dynamodbClient, secretsManagerClient } from '../adapters/aws-clients.ts';
import { dynamodbAlertLedger } from '../adapters/dynamodb/alert-ledger.ts';
import { dynamodbInventory } from '../adapters/dynamodb/inventory.ts';
import { lambdaLog } from '../adapters/log.ts';
import { secretsManagerStore } from '../adapters/secrets-manager/store.ts';
import { pageAlarm, pageNotice, type PagePorts } from '../use-cases/alerts/page.ts';
import { once, parseEnv } from './cold-start.ts';
import { scopeIn } from './common.env.ts';
import { PagerEnv } from './pager.env.ts';
import { toldBy } from './topic-messages.ts';

const setUp = once((): PagePorts => {
  const env = parseEnv(PagerEnv, process.env);
  const secrets = secretsManagerStore(secretsManagerClient());
  const table = { client: dynamodbClient(), name: env.TABLE_NAME };
  return {
    fetch,
    installation: scopeIn(env),
    inventory: dynamodbInventory(table),
    ledger: dynamodbAlertLedger(table, 'pager'),
    log: lambdaLog(),
    now: Date.now,
    url: env.PAGER_URL,
    runbookUrl: env.RUNBOOK_URL === '' ? undefined : env.RUNBOOK_URL,
    routingSecret: () => secrets.readAdmin(env.PAGER_SECRET),
  };
});

/**
 * `pager`: what came over the topic, through a queue: alerts, as machines get them, and alarms as CloudWatch
 * words them.
 */
export const handler = toldBy(setUp, { notice: pageNotice, alarm: pageAlarm });
