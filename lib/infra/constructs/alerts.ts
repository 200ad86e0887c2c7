import { Annotations, Aws, Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CANARY_DETAIL_TYPE, DETAIL_TYPES, EVENT_SOURCE } from '../../../functions/core/findings/events.ts';
import { hasSubscriber, type Route } from '../../../functions/core/alerts/routes.ts';
import { AlertEnv } from '../../../functions/handlers/alert.env.ts';
import { allow, useKeyThrough } from '../permissions.ts';
import { mailRoutes } from '../mail-filters.ts';
import { useTable } from '../table-permissions.ts';
import { alertTopic } from './alert-topic.ts';
import { Chat } from './chat.ts';
import { commonEnvironment } from './environment.ts';
import type { Foundation } from './foundation.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { Pager } from './pager.ts';
import { Repeat } from './schedule.ts';
import { WorkQueue } from './work-queue.ts';

const TIMEOUT = Duration.minutes(1);

const NO_RECEIVER =
  'No address is notified of what Keyturn finds, even if a token expires or leaks: name an address under ' +
  'alerts.emails, a chat room under alerts.chat, or a pager under pager in keyturn.json. ' +
  'Addresses under alerts.routes are notified only of their own owners, unless alerts.fallbackOwner names ' +
  'one of these.';

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
   * Where the alert function passes canaries on. Not the topic for alerts: alarms carry no attributes, so who
   * is to hear them has no filter there, and would get a mail every day, whoever subscribed by hand too. No
   * filter could help: `"exists": false` matches "only ... if at least one attribute is present" (Amazon SNS
   * developer guide, "Key matching"), and filters on the body "assume that the message payload is a
   * well-formed JSON object" (same guide, "Amazon SNS message filtering"), which mails are not. It has the
   * same key, and the same function publishes to it by the same statement.
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
    this.topic = alertTopic(this, foundation);
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
        QUIET_HOURS: settings.alerts.quietHours.join('\n'),
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
      Annotations.of(this).addWarningV2('keyturn:no-receiver', NO_RECEIVER);
  }

  /** The queues that are to hear of findings, for chat and for the pager. */
  queueRoutes(): Route[] {
    const chat = this.chat ? [{ to: this.chat.queue.queue.queueArn, on: this.chat.topic.topicArn }] : [];
    const pager = this.pager
      ? [{ to: this.pager.queue.queue.queueArn, minSeverity: 'critical' as const }]
      : [];
    return [...chat, ...pager];
  }
}
