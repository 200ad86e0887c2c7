import { Annotations, ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { CANARY_DETAIL_TYPE, DETAIL_TYPES, EVENT_SOURCE } from '../../../functions/core/findings/events.ts';
import { hasSubscriber, type Route } from '../../../functions/core/alerts/routes.ts';
import { AlertEnv } from '../../../functions/handlers/alert.env.ts';
import { PagerEnv } from '../../../functions/handlers/pager.env.ts';
import { allow, readSecretNamed, useKeyThrough, useSecretKeys } from '../permissions.ts';
import { mailFilters, mailRoutes, type MailFilter } from '../mail-filters.ts';
import type { Settings } from '../settings.ts';
import { useTable } from '../table-permissions.ts';
import { Chat } from './chat.ts';
import { commonEnvironment, scopeEnvironment } from './environment.ts';
import type { Foundation } from './foundation.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { Repeat } from './schedule.ts';
import { WorkQueue } from './work-queue.ts';

const TIMEOUT = Duration.minutes(1);

const NOBODY_HEARS =
  'Nobody will hear of what Keyturn finds, though a token dies or leaks: name an address under alerts.emails, a chat room under alerts.chat, or a pager under pager in keyturn.json. ' +
  'Addresses under alerts.routes hear only of their own owners, unless alerts.fallbackOwner names one of these.';

/** How late a digest may be, in minutes. */
export const TELL_EVERY = 15;

/** As long as EventBridge can: nothing else tells of a finding. */
const EVENT_RETRY = { tries: 185, age: Duration.hours(24) };

/** The topics to which people, and what tells people, are subscribed. */
export function topicNames({ names, settings }: Foundation): string[] {
  return settings.alerts.chat ? [names.alertTopic, names.chatTopic] : [names.alertTopic];
}

/** Findings on the bus become messages on a topic, which mail and pager listen to. */
export class Alerts extends Construct {
  readonly topic: Topic;
  /**
   * Where the alert function passes canaries on. Not the topic for alerts: alarms carry no attributes, so who is to hear them has no filter there, and would get a mail every day,
   * whoever subscribed by hand too. No filter could help: `"exists": false` matches "only ... if at least one attribute is present" (Amazon SNS developer guide, "Key matching"), and filters on the body
   * "assume that the message payload is a well-formed JSON object" (same guide, "Amazon SNS message filtering"), which mails are not. It has the same key, and the same function publishes to it by the same statement.
   */
  readonly canaryTopic: Topic;
  readonly queue: WorkQueue;
  readonly function: KeyturnFunction<typeof AlertEnv>;
  readonly pager: Pager | undefined;
  readonly chat: Chat | undefined;
  readonly repeat: Repeat;

  constructor(scope: Construct, id: string, { foundation }: { foundation: Foundation }) {
    super(scope, id);
    const { settings, names } = foundation;
    this.topic = this.#makeTopic(foundation);
    this.canaryTopic = new Topic(this, 'Canaries', {
      topicName: names.canaryTopic,
      displayName: 'Keyturn canaries',
      masterKey: foundation.keys.data,
      enforceSSL: true,
    });
    this.queue = new WorkQueue(this, 'Findings', {
      foundation,
      name: names.part('alert'),
      consumerTimeout: TIMEOUT,
    });
    const findingChanged = new Rule(this, 'FindingChanged', {
      eventBus: foundation.bus,
      description: 'A finding opened, got worse or is over',
      // Another installation that may speak here tells its own people.
      eventPattern: {
        account: [Aws.ACCOUNT_ID],
        source: [EVENT_SOURCE],
        detailType: [DETAIL_TYPES.finding, CANARY_DETAIL_TYPE],
      },
    });
    this.queue.take(findingChanged, EVENT_RETRY);
    const { BUS_NAME: _bus, POLICY_DEFAULTS: _policies, ...environment } = commonEnvironment(foundation);
    this.function = new KeyturnFunction(this, 'Alert', {
      foundation,
      name: names.part('alert'),
      description: 'Keyturn: tells people of findings',
      entry: 'alert.ts',
      handler: 'handler',
      env: AlertEnv,
      environment: {
        ...environment,
        TOPIC_ARN: this.topic.topicArn,
        CANARY_TOPIC_ARN: this.canaryTopic.topicArn,
        ROUTED_OWNERS: JSON.stringify(settings.alerts.routes.map(({ owner }) => owner)),
        FALLBACK_OWNER: settings.alerts.fallbackOwner ?? '',
        REMIND_AFTER: settings.alerts.escalateAfter,
        DIGEST: settings.alerts.digest,
        QUIET: settings.alerts.quiet.join('\n'),
        RUNBOOK_URL: settings.runbookUrl ?? '',
      },
      timeout: TIMEOUT,
    });
    this.function.allow(
      ...useTable(foundation, 'alert'),
      allow(['sns:Publish'], [this.topic.topicArn, this.canaryTopic.topicArn]),
      useKeyThrough(foundation.keys.data, ['sns'], ['kms:Decrypt', 'kms:GenerateDataKey']),
    );
    this.queue.feed(this.function, { batchSize: 10, concurrency: 2 });
    this.repeat = new Repeat(this, 'Repeat', {
      foundation,
      name: names.part('alert'),
      fn: this.function.fn,
      minutes: TELL_EVERY,
    });
    this.chat =
      settings.alerts.chat &&
      new Chat(this, 'Chat', { foundation, alerts: this.topic, chat: settings.alerts.chat });
    this.pager =
      settings.pager && new Pager(this, 'Pager', { foundation, topic: this.topic, pager: settings.pager });
    if (!hasSubscriber([...mailRoutes(settings.alerts), ...this.queueRoutes()]))
      Annotations.of(this).addWarningV2('keyturn:nobody-hears', NOBODY_HEARS);
  }

  /** The queues that are to hear of findings, for chat and for the pager. */
  queueRoutes(): Route[] {
    const chat = this.chat ? [{ to: this.chat.queue.queue.queueArn, on: this.chat.topic.topicArn }] : [];
    const pager = this.pager ? [{ to: this.pager.queue.queue.queueArn, least: 'critical' as const }] : [];
    return [...chat, ...pager];
  }

  /** CloudWatch says for which account and which alarm it publishes, and both are asked for (Amazon SNS developer guide, "Example cases for Amazon SNS access control"). No rule of EventBridge publishes here. */
  #makeTopic(foundation: Foundation): Topic {
    const topic = new Topic(this, 'Topic', {
      topicName: foundation.names.alertTopic,
      displayName: 'Keyturn',
      masterKey: foundation.keys.data,
      enforceSSL: true,
    });
    const alarms = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const fromAlarms = allow(['sns:Publish'], [topic.topicArn], {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': alarms },
    });
    fromAlarms.addPrincipals(new ServicePrincipal('cloudwatch.amazonaws.com'));
    topic.addToResourcePolicy(fromAlarms);
    for (const [address, filter] of mailFilters(foundation.settings.alerts))
      topic.addSubscription(new EmailSubscription(address, filter && { filterPolicy: policyOf(filter) }));
    return topic;
  }
}

/** One set of attributes as it is, several as alternatives (Amazon SNS developer guide, "AND/OR logic"). */
function policyOf(filter: NonNullable<MailFilter>): Record<string, SubscriptionFilter> {
  const [only, ...others] = filter;
  if (only && others.length === 0)
    return Object.fromEntries(
      Object.entries(only).map(([name, values]) => [
        name,
        SubscriptionFilter.stringFilter({ allowlist: [...values] }),
      ]),
    );
  return { $or: new SubscriptionFilter([...filter]) };
}

export interface PagerProps {
  readonly foundation: Foundation;
  readonly topic: Topic;
  readonly pager: NonNullable<Settings['pager']>;
}

const PAGER_TIMEOUT = Duration.seconds(30);
/** Two hours of a pager that does not answer; then what it should have heard waits in the dead-letter queue. */
const PAGER_TRIES = 40;

/** Wakes people for what is critical, and lets them sleep again when it is over. A queue stands between, so that what is given up can be moved back. */
export class Pager extends Construct {
  readonly function: KeyturnFunction<typeof PagerEnv>;
  readonly queue: WorkQueue;

  constructor(scope: Construct, id: string, { foundation, topic, pager }: PagerProps) {
    super(scope, id);
    const name = foundation.names.part('pager');
    this.queue = new WorkQueue(this, 'Pages', {
      foundation,
      name,
      consumerTimeout: PAGER_TIMEOUT,
      tries: PAGER_TRIES,
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
      timeout: PAGER_TIMEOUT,
    });
    this.function.allow(
      readSecretNamed(pager.secretName),
      ...useSecretKeys(foundation),
      ...useTable(foundation, 'pager'),
    );
    this.queue.feed(this.function, { batchSize: 5, concurrency: 2 });
    // Without a filter: alarms of CloudWatch carry no attributes, and no policy on attributes lets such a message through.
    this.queue.subscribe(topic);
  }
}
