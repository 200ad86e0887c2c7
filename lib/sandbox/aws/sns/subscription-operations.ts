/** The operations of SNS on subscriptions, as SDK clients call them. */
import * as z from 'zod';
import { notImplemented } from '../errors.ts';
import { operation } from '../operation.ts';
import type { Check, Operation } from '../types.ts';
import type { Kept, Subscriptions } from './subscriptions.ts';

/** As many as one page of ListSubscriptionsByTopic has (API reference). */
const PAGE = 100;

function listed({ arn, topicArn, subscription, state }: Kept, Owner: string): object {
  const SubscriptionArn = { confirmed: arn, waiting: 'PendingConfirmation', gone: 'Deleted' }[state];
  return {
    SubscriptionArn,
    Owner,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: topicArn,
  };
}

function attributesOf(
  { arn, topicArn, subscription, state, isAuthenticated }: Kept,
  Owner: string,
): Record<string, string> {
  const { protocol, endpoint, filterPolicy } = subscription;
  return {
    SubscriptionArn: arn,
    TopicArn: topicArn,
    Owner,
    Protocol: protocol,
    Endpoint: endpoint,
    PendingConfirmation: String(state === 'waiting'),
    ConfirmationWasAuthenticated: String(isAuthenticated),
    RawMessageDelivery: String(subscription.rawMessageDelivery === true),
    ...(filterPolicy && { FilterPolicy: JSON.stringify(filterPolicy) }),
  };
}

/** The operations about subscriptions. `requireTopic` throws for one that is not there. */
export function subscriptionOperations(
  subscriptions: Subscriptions,
  topics: { account: string; requireTopic: (arn: string) => { policy?: Check['resourcePolicy'] } },
): [string, Operation][] {
  const { account, requireTopic } = topics;
  const checks = (action: string, topicArn: string): Check[] => [
    { action: `sns:${action}`, resource: topicArn, resourcePolicy: requireTopic(topicArn).policy },
  ];
  const ofOne = (action: string, arn: string): { resource: string; checks: Check[] } => ({
    resource: arn,
    checks: checks(action, arn.split(':').slice(0, 6).join(':')),
  });
  const page = (topicArn: string, next: string | undefined): object => {
    const from = Number(next ?? 0);
    const all = subscriptions.of(topicArn);
    return {
      Subscriptions: all.slice(from, from + PAGE).map((one) => listed(one, account)),
      ...(from + PAGE < all.length && { NextToken: String(from + PAGE) }),
    };
  };
  return [
    operation(
      'ListSubscriptionsByTopic',
      z.strictObject({ TopicArn: z.string(), NextToken: z.string().optional() }),
      ({ TopicArn, NextToken }) => ({
        resource: TopicArn,
        checks: checks('ListSubscriptionsByTopic', TopicArn),
        run: () => page(TopicArn, NextToken),
      }),
    ),
    operation(
      'GetSubscriptionAttributes',
      z.strictObject({ SubscriptionArn: z.string() }),
      ({ SubscriptionArn }) => ({
        ...ofOne('GetSubscriptionAttributes', SubscriptionArn),
        run: () => ({ Attributes: attributesOf(subscriptions.find(SubscriptionArn), account) }),
      }),
    ),
    operation(
      'ConfirmSubscription',
      z.strictObject({
        TopicArn: z.string(),
        Token: z.string(),
        AuthenticateOnUnsubscribe: z.string().optional(),
      }),
      ({ TopicArn, Token, AuthenticateOnUnsubscribe }) => ({
        resource: TopicArn,
        checks: checks('ConfirmSubscription', TopicArn),
        run: () => ({
          SubscriptionArn: subscriptions.confirm(TopicArn, Token, AuthenticateOnUnsubscribe === 'true'),
        }),
      }),
    ),
    operation('Unsubscribe', z.strictObject({ SubscriptionArn: z.string() }), ({ SubscriptionArn }) => ({
      ...ofOne('Unsubscribe', SubscriptionArn),
      run: () => subscriptions.remove(subscriptions.find(SubscriptionArn).arn),
    })),
    operation(
      'Subscribe',
      z.strictObject({
        TopicArn: z.string(),
        Protocol: z.string(),
        Endpoint: z.string(),
        ReturnSubscriptionArn: z.string().optional(),
      }),
      ({ TopicArn, Protocol, Endpoint, ReturnSubscriptionArn }) => ({
        resource: TopicArn,
        checks: checks('Subscribe', TopicArn),
        run: () => {
          if (Protocol !== 'email') throw notImplemented(`Subscribe by ${Protocol}`);
          const arn = subscriptions.ask(TopicArn, { protocol: Protocol, endpoint: Endpoint });
          return { SubscriptionArn: ReturnSubscriptionArn === 'true' ? arn : 'pending confirmation' };
        },
      }),
    ),
  ];
}
