// What roles may do with topics and their subscriptions.
import { Aws } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow } from './permissions.ts';

/**
 * How subscriptions of topics stand. Of what the look at a single one asks, its topic or itself, the
 * documentation says only that a topic may be named (Service Authorization Reference, "Actions for Amazon
 * SNS"): both forms name the same.
 */
export function seeSubscriptions(topics: readonly string[]): PolicyStatement[] {
  return [
    allow(['sns:ListSubscriptionsByTopic'], topics.map(topicArn)),
    allow(
      ['sns:GetSubscriptionAttributes'],
      topics.flatMap((name) => [topicArn(name), topicArn(`${name}:*`)]),
    ),
  ];
}

/** With a signature, which is what makes them theirs who confirm. */
export function confirmSubscriptions(topics: readonly string[]): PolicyStatement {
  return allow(['sns:ConfirmSubscription'], topics.map(topicArn));
}

function topicArn(name: string): string {
  return `arn:${Aws.PARTITION}:sns:${Aws.REGION}:${Aws.ACCOUNT_ID}:${name}`;
}

/** How cdk-nag names the finding that a statement about the subscriptions of a topic has a wildcard. */
export function subscriptionWildcard(topic: string): string {
  return `Resource::arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:${topic}:*`;
}
