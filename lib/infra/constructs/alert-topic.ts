// The topic on which people are notified, and the mail addresses that are subscribed to it.
import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { mailFilters, type MailFilter } from '../mail-filters.ts';
import { allow } from '../permissions.ts';
import type { Foundation } from './foundation.ts';

/**
 * The topic for alerts, with the addresses of the settings. CloudWatch says for which account and which alarm
 * it publishes, and both are asked for (Amazon SNS developer guide, "Example cases for Amazon SNS access
 * control"). No rule of EventBridge publishes here.
 */
export function alertTopic(scope: Construct, foundation: Foundation): Topic {
  const topic = new Topic(scope, 'Topic', {
    topicName: foundation.names.alertTopic,
    displayName: 'Keyturn',
    masterKey: foundation.keys.data,
    enforceSSL: true,
  });
  const alarms = Stack.of(scope).formatArn({
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
