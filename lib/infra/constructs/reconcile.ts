import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { packed } from '../../../functions/handlers/common.env.ts';
import { ReconcileEnv } from '../../../functions/handlers/reconcile.env.ts';
import { mailRoutes } from '../mail-filters.ts';
import { allow, publishFacts } from '../permissions.ts';
import { describeSecrets } from '../secret-permissions.ts';
import { seeSubscriptions, subscriptionWildcard } from '../topic-permissions.ts';
import type { Settings } from '../settings.ts';
import { minutesOf } from '../settings/notation.ts';
import { useTable } from '../table-permissions.ts';
import { topicNames, type Alerts } from './alerts.ts';
import type { ControlProps } from './control.ts';
import { workerQueues, commonEnvironment, issuerLimits } from './environment.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { Repeat } from './schedule.ts';
import { letGiveCommands } from './senders.ts';
import { WorkQueue } from './work-queue.ts';

const TIMEOUT = Duration.minutes(5);

/** Lost events do no harm, since a whole pass comes once an interval. */
const EVENT_RETRY = { tries: 10, age: Duration.hours(6) };

/**
 * A pass that a run could not end is gone on with so many minutes later; a run that finds nothing to go on
 * with ends at once.
 */
const GOES_ON_EVERY = 15;

/** How often reconcile is called, in minutes. */
export function reconcileRunsEvery({ reconcileInterval }: Settings): number {
  return Math.min(minutesOf(reconcileInterval), GOES_ON_EVERY);
}

export interface ReconcileProps extends ControlProps {
  /** Whose subscriptions it looks after. */
  readonly alerts: Alerts;
}

/**
 * Holds Secrets Manager against the inventory, all of it once an interval, and one secret whenever its
 * current version changes.
 */
export class Reconcile extends Construct {
  readonly function: KeyturnFunction<typeof ReconcileEnv>;
  readonly repeat: Repeat;
  readonly changes: WorkQueue;

  constructor(
    scope: Construct,
    id: string,
    { foundation, providers, senders, alerts, requests }: ReconcileProps,
  ) {
    super(scope, id);
    const name = foundation.names.part('reconcile');
    const every = minutesOf(foundation.settings.reconcileInterval);
    const topics = topicNames(foundation);
    this.function = new KeyturnFunction(this, 'Reconcile', {
      foundation,
      name,
      description: 'Keyturn: holds secrets, inventory and issuers against each other',
      role: senders.roles.reconcile,
      entry: 'reconcile.ts',
      handler: 'handler',
      env: ReconcileEnv,
      environment: {
        ...commonEnvironment(foundation),
        WORKER_QUEUES: workerQueues(foundation, requests),
        ISSUER_LIMITS: issuerLimits(providers),
        RECONCILE_EVERY: String(every),
        TRAIL: foundation.settings.detection.trail ? 'on' : 'off',
        ALERT_TOPIC_ARN: alerts.topic.topicArn,
        MAIL_ROUTES: packed(mailRoutes(foundation.settings.alerts)),
        QUEUE_ROUTES: Stack.of(this).toJsonString(alerts.queueRoutes()),
      },
      timeout: TIMEOUT,
      memorySize: 512,
    });
    letGiveCommands(this.function, foundation);
    this.function.allow(
      ...useTable(foundation, 'reconcile', ['DescribeTable']),
      describeSecrets(),
      allow(['secretsmanager:ListSecrets'], ['*']),
      publishFacts(foundation),
      ...seeSubscriptions(topics),
    );
    for (const topic of topics)
      this.function.acknowledgeWildcard(
        subscriptionWildcard(topic),
        'The subscriptions of a topic of Keyturn: only AWS knows their ids.',
      );
    this.function.acknowledgeWildcard(
      'Resource::*',
      'It finds secrets by listing them, which IAM cannot limit; it sees no value.',
    );
    this.repeat = new Repeat(this, 'Repeat', {
      foundation,
      name,
      fn: this.function.fn,
      minutes: reconcileRunsEvery(foundation.settings),
    });
    this.changes = new WorkQueue(this, 'Changes', {
      foundation,
      name: foundation.names.part('changes'),
      consumerTimeout: TIMEOUT,
    });
    this.changes.feed(this.function, { batchSize: 10, concurrency: 2 });
    const labelMoved = new Rule(this, 'LabelMoved', {
      description: 'A secret has a new current version, from whatever cause',
      eventPattern: {
        source: ['aws.secretsmanager'],
        detailType: ['Secret Label Updated'],
        detail: { labelUpdated: ['AWSCURRENT'] },
      },
    });
    this.changes.take(labelMoved, EVENT_RETRY);
    // A queue of their own would cost its polling, and be one more to watch: this one is as good, and the
    // function behind it waits for them.
    this.changes.subscribe(alerts.canaryTopic);
  }
}
