// PagerDuty is notified of what is critical.
import { Duration } from 'aws-cdk-lib';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { PagerEnv } from '../../../functions/handlers/pager.env.ts';
import { readSecretNamed, useSecretKeys } from '../secret-permissions.ts';
import type { Settings } from '../settings.ts';
import { useTable } from '../table-permissions.ts';
import { scopeEnvironment } from './environment.ts';
import type { Foundation } from './foundation.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { WorkQueue } from './work-queue.ts';

interface PagerProps {
  readonly foundation: Foundation;
  readonly topic: Topic;
  readonly pager: NonNullable<Settings['pager']>;
}

const TIMEOUT = Duration.seconds(30);
/**
 * Two hours of a pager that does not answer; then what it should have heard waits in the dead-letter queue.
 */
const TRIES = 40;

/**
 * Wakes people for what is critical, and lets them sleep again when it is over. A queue stands between, so
 * that what is given up can be moved back.
 */
export class Pager extends Construct {
  readonly function: KeyturnFunction<typeof PagerEnv>;
  readonly queue: WorkQueue;

  constructor(scope: Construct, id: string, { foundation, topic, pager }: PagerProps) {
    super(scope, id);
    const name = foundation.names.part('pager');
    this.queue = new WorkQueue(this, 'Pages', {
      foundation,
      name,
      consumerTimeout: TIMEOUT,
      tries: TRIES,
    });
    this.function = new KeyturnFunction(this, 'Pager', {
      foundation,
      name,
      description: 'Keyturn: pages people for critical findings and alarms',
      entry: 'pager.ts',
      handler: 'handler',
      env: PagerEnv,
      environment: {
        ...scopeEnvironment(foundation),
        TABLE_NAME: foundation.table.tableName,
        PAGER_SECRET: pager.secretName,
        PAGER_URL: pager.url,
        RUNBOOK_URL: foundation.settings.runbookUrl ?? '',
      },
      timeout: TIMEOUT,
    });
    this.function.allow(
      readSecretNamed(pager.secretName),
      ...useSecretKeys(foundation),
      ...useTable(foundation, 'pager'),
    );
    this.queue.feed(this.function, { batchSize: 5, concurrency: 2 });
    // Without a filter: alarms of CloudWatch carry no attributes, and no policy on attributes lets such a
    // message through.
    this.queue.subscribe(topic);
  }
}
