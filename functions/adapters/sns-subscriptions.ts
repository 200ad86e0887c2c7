import {
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  type SNSClient,
  type Subscription as Listed,
} from '@aws-sdk/client-sns';
import { isMail, type Subscription } from '../core/alerts/routes.ts';
import type { Subscriptions } from '../core/ports/alert-topic.ts';
import { aws, hasCode } from './aws-errors.ts';

/**
 * What stands in a list in place of an ARN. Only the first is documented (Amazon SNS developer guide,
 * "Confirm the subscription").
 */
const WAITING = 'PendingConfirmation';
const GONE = 'Deleted';

/**
 * The subscriptions of a topic. Of mail it is asked how each was confirmed: nothing else can be unsubscribed
 * by a link. Error: `aws-failed`.
 */
export function snsSubscriptions(client: SNSClient): Subscriptions {
  return {
    async of(topicArn) {
      const listed: Listed[] = [];
      await aws('sns:ListSubscriptionsByTopic', async () => {
        for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn }))
          listed.push(...(page.Subscriptions ?? []));
      });
      const found: Subscription[] = [];
      for (const one of listed) found.push(await read(client, one));
      return found;
    },
  };
}

async function read(
  client: SNSClient,
  { SubscriptionArn: arn, Protocol: protocol = '', Endpoint: endpoint = '' }: Listed,
): Promise<Subscription> {
  if (arn === undefined || arn === WAITING)
    return { protocol, endpoint, state: 'waiting', isAuthenticated: false };
  if (arn === GONE) return { protocol, endpoint, state: 'gone', isAuthenticated: false };
  if (!isMail(protocol)) return { protocol, endpoint, state: 'confirmed', isAuthenticated: true };
  return { protocol, endpoint, ...(await confirmationOf(client, arn)) };
}

/** It may be removed between the list and the look. */
async function confirmationOf(
  client: SNSClient,
  arn: string,
): Promise<Pick<Subscription, 'state' | 'isAuthenticated'>> {
  const answer = await aws('sns:GetSubscriptionAttributes', async () => {
    try {
      return await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }));
    } catch (error) {
      if (hasCode(error, 'NotFound', 'NotFoundException')) return undefined;
      throw error;
    }
  });
  if (!answer) return { state: 'gone', isAuthenticated: false };
  const { PendingConfirmation, ConfirmationWasAuthenticated } = answer.Attributes ?? {};
  return {
    state: PendingConfirmation === 'true' ? 'waiting' : 'confirmed',
    isAuthenticated: ConfirmationWasAuthenticated === 'true',
  };
}
