import { Duration } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ChatEnv } from '../../../functions/handlers/chat.env.ts';
import { allow, useKeyThrough } from '../permissions.ts';
import type { Settings } from '../settings.ts';
import { useTable } from '../table-permissions.ts';
import { scopeEnvironment } from './environment.ts';
import type { Foundation } from './foundation.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { WorkQueue } from './work-queue.ts';

const TIMEOUT = Duration.seconds(30);

export interface ChatProps {
  readonly foundation: Foundation;
  /** The topic for alerts. */
  readonly alerts: Topic;
  readonly chat: NonNullable<Settings['alerts']['chat']>;
}

/**
 * Alerts for a chat room: a topic of its own, since rooms and other web servers need different bodies of the
 * same protocol.
 */
export class Chat extends Construct {
  readonly topic: Topic;
  readonly queue: WorkQueue;
  readonly function: KeyturnFunction<typeof ChatEnv>;

  constructor(scope: Construct, id: string, { foundation, alerts, chat }: ChatProps) {
    super(scope, id);
    const { names, keys, settings, table } = foundation;
    this.topic = new Topic(this, 'Topic', {
      topicName: names.chatTopic,
      displayName: 'Keyturn chat',
      masterKey: keys.data,
      enforceSSL: true,
    });
    this.queue = new WorkQueue(this, 'Messages', {
      foundation,
      name: names.part('chat'),
      consumerTimeout: TIMEOUT,
    });
    this.function = new KeyturnFunction(this, 'Chat', {
      foundation,
      name: names.part('chat'),
      description: 'Keyturn: tells a chat room of findings and alarms',
      entry: 'chat.ts',
      handler: 'handler',
      env: ChatEnv,
      environment: {
        ...scopeEnvironment(foundation),
        TABLE_NAME: table.tableName,
        CHAT_TOPIC_ARN: this.topic.topicArn,
        RUNBOOK_URL: settings.runbookUrl ?? '',
      },
      timeout: TIMEOUT,
    });
    this.function.allow(
      ...useTable(foundation, 'chat'),
      allow(['sns:Publish'], [this.topic.topicArn]),
      useKeyThrough(keys.data, ['sns'], ['kms:Decrypt', 'kms:GenerateDataKey']),
    );
    this.queue.feed(this.function, { batchSize: 5, concurrency: 2 });
    this.queue.subscribe(alerts);
    if (chat.slack) this.#openSlack(chat.slack, foundation);
  }

  /** The room may be told, and may do nothing: its role has no rights and its guardrail denies all. */
  #openSlack(slack: { workspaceId: string; channelId: string }, { names }: Foundation): void {
    new SlackChannelConfiguration(this, 'Slack', {
      slackChannelConfigurationName: names.part('chat'),
      slackWorkspaceId: slack.workspaceId,
      slackChannelId: slack.channelId,
      notificationTopics: [this.topic],
      role: new Role(this, 'SlackRole', {
        assumedBy: new ServicePrincipal('chatbot.amazonaws.com'),
        description: 'Keyturn: a chat room, which may do nothing',
      }),
      guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll')],
    });
  }
}
