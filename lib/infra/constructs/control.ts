import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { packed } from '../../../functions/handlers/common.env.ts';
import { ReconcileEnv } from '../../../functions/handlers/reconcile.env.ts';
import { SweepEnv } from '../../../functions/handlers/sweep.env.ts';
import { mailRoutes } from '../mail-filters.ts';
import { allow, publishFacts } from '../permissions.ts';
import { rotationsWildcard, startRotations } from '../rotation-permissions.ts';
import { describeSecrets, secretWildcard } from '../secret-permissions.ts';
import { seeSubscriptions, subscriptionWildcard } from '../topic-permissions.ts';
import type { Settings } from '../settings.ts';
import { minutesOf } from '../settings/notation.ts';
import { queryIndexes, useTable } from '../table-permissions.ts';
import { topicNames, type Alerts } from './alerts.ts';
import { deliveredKinds, type Delivery } from './delivery.ts';
import { workerQueues, commonEnvironment, issuerLimits } from './environment.ts';
import { DUE_INDEX, ROTATIONS_INDEX, type Foundation } from './foundation.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import type { ProviderFunctions } from './provider-functions.ts';
import { Repeat } from './schedule.ts';
import { letGiveCommands, type Senders } from './senders.ts';
import { WorkQueue } from './work-queue.ts';

const TIMEOUT = Duration.minutes(5);

/** Lost events do no harm, since a whole pass comes once an interval. */
const EVENT_RETRY = { tries: 10, age: Duration.hours(6) };

export interface SweepProps extends ControlProps {
  /** Who brings new values to consumers, if anybody does. */
  readonly delivery: Delivery | undefined;
}

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

export interface ControlProps {
  readonly foundation: Foundation;
  readonly providers: ReadonlyMap<string, ProviderFunctions>;
  readonly senders: Senders;
}

/** Starts what is due. */
export class Sweep extends Construct {
  readonly function: KeyturnFunction<typeof SweepEnv>;
  readonly repeat: Repeat;

  constructor(scope: Construct, id: string, { foundation, providers, senders, delivery }: SweepProps) {
    super(scope, id);
    const name = foundation.names.part('sweep');
    const kinds = delivery ? deliveredKinds(foundation.settings).join(',') : '';
    this.function = new KeyturnFunction(this, 'Sweep', {
      foundation,
      name,
      description: 'Keyturn: starts what is due',
      role: senders.roles.sweep,
      entry: 'sweep.ts',
      handler: 'handler',
      env: SweepEnv,
      environment: {
        ...commonEnvironment(foundation),
        WORKER_QUEUES: workerQueues(foundation, providers),
        DELIVERY_QUEUE: delivery?.queue.queue.queueUrl ?? '',
        DELIVERY_KINDS: kinds,
        ISSUER_LIMITS: issuerLimits(providers),
        ROTATIONS_AT_ONCE: String(foundation.settings.maxConcurrentRotations),
      },
      timeout: TIMEOUT,
      memorySize: 512,
    });
    letGiveCommands(this.function, foundation, delivery ? [delivery.queue.queue] : []);
    this.function.allow(
      ...useTable(foundation, 'sweep'),
      queryIndexes(foundation, DUE_INDEX, ROTATIONS_INDEX),
      describeSecrets(),
      ...startRotations(foundation, undefined),
      publishFacts(foundation),
    );
    this.function.acknowledgeWildcard(
      'Resource::*',
      'When Secrets Manager refuses a rotation it looks up why, also where the tags are gone; it sees ' +
        'no value.',
    );
    this.function.acknowledgeWildcard(
      rotationsWildcard(foundation.names),
      'The rotation functions of this installation, by the rule of their names.',
    );
    this.function.acknowledgeWildcard(
      secretWildcard('*'),
      'A tag condition limits it to secrets registered with this installation.',
    );
    this.repeat = new Repeat(this, 'Repeat', {
      foundation,
      name,
      fn: this.function.fn,
      minutes: minutesOf(foundation.settings.sweepInterval),
    });
  }
}

/**
 * Holds Secrets Manager against the inventory, all of it once an interval, and one secret whenever its
 * current version changes.
 */
export class Reconcile extends Construct {
  readonly function: KeyturnFunction<typeof ReconcileEnv>;
  readonly repeat: Repeat;
  readonly changes: WorkQueue;

  constructor(scope: Construct, id: string, { foundation, providers, senders, alerts }: ReconcileProps) {
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
        WORKER_QUEUES: workerQueues(foundation, providers),
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
