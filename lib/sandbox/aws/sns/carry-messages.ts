/** Carries published messages to the subscribers of a topic. */
import { SECOND } from '../../../../functions/core/basics/time.ts';
import type { Principal, World } from '../types.ts';
import type { Subscriptions } from './subscriptions.ts';
import {
  envelope,
  lambdaEvent,
  passesFilter,
  textFor,
  type Notification,
  type Subscription,
} from './topic.ts';
import { type Entry, checkEntry } from './publish-entries.ts';
import type { SnsOptions, Topic } from './service.ts';

const POST_TRIES = 4;

/** Carries messages from topics to their subscribers. */
export class Courier {
  readonly #world: World;
  readonly #options: SnsOptions;
  readonly #subscriptions: Subscriptions;

  constructor(world: World, options: SnsOptions, subscriptions: Subscriptions) {
    this.#world = world;
    this.#options = options;
    this.#subscriptions = subscriptions;
  }

  publish(topic: Topic, entry: Entry): string {
    checkEntry(entry);
    const messageId = this.#world.uuid();
    const about = {
      messageId,
      topicArn: topic.arn,
      subject: entry.Subject,
      attributes: entry.MessageAttributes ?? {},
      at: this.#world.clock.now(),
    };
    for (const { arn, subscription, state } of this.#subscriptions.of(topic.arn)) {
      if (state !== 'confirmed') continue;
      const notification: Notification = {
        ...about,
        message: textFor(subscription.protocol, entry.Message, entry.MessageStructure),
      };
      if (!passesFilter(subscription, notification)) continue;
      this.#world.clock.after(
        0,
        () => void this.#world.clock.activity(() => this.#carry(arn, subscription, notification)),
      );
    }
    return messageId;
  }

  async #carry(arn: string, subscription: Subscription, notification: Notification): Promise<void> {
    const principal: Principal = {
      kind: 'service',
      service: 'sns.amazonaws.com',
      sourceArn: notification.topicArn,
    };
    try {
      await this.#hand(principal, arn, subscription, notification);
    } catch {
      if (subscription.deadLetterArn === undefined) return;
      await this.#world
        .deliver(principal, subscription.deadLetterArn, { body: JSON.stringify(envelope(notification)) })
        .catch(() => undefined);
    }
  }

  async #hand(
    principal: Principal,
    arn: string,
    subscription: Subscription,
    notification: Notification,
  ): Promise<void> {
    const { protocol, endpoint } = subscription;
    const raw = subscription.rawMessageDelivery === true;
    const body = raw ? notification.message : JSON.stringify(envelope(notification));
    switch (protocol) {
      case 'email':
      case 'email-json': {
        const text = protocol === 'email' ? notification.message : JSON.stringify(envelope(notification));
        return this.#options.mail({
          at: this.#world.clock.now(),
          topicArn: notification.topicArn,
          to: endpoint,
          subject: notification.subject ?? 'AWS Notification Message',
          text,
        });
      }
      case 'sqs':
        return this.#world.deliver(principal, endpoint, {
          body,
          ...(raw && { attributes: notification.attributes }),
        });
      case 'lambda':
        return this.#world.deliver(principal, endpoint, {
          body: JSON.stringify(lambdaEvent(notification, arn)),
        });
      case 'https':
        return this.#post(arn, endpoint, { notification, body });
    }
  }

  async #post(
    arn: string,
    url: string,
    { notification, body }: { notification: Notification; body: string },
  ): Promise<void> {
    const headers = {
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': notification.messageId,
      'x-amz-sns-topic-arn': notification.topicArn,
      'x-amz-sns-subscription-arn': arn,
    };
    for (let tries = 1; ; tries++) {
      const status = await this.#options.post({ url, headers, body }).catch(() => 599);
      if (status < 300) return;
      // A client error is final except for throttling (developer guide, "Message delivery retries").
      if (tries === POST_TRIES || (status >= 400 && status < 500 && status !== 429))
        throw new Error('not delivered');
      await this.#world.clock.sleep(20 * SECOND);
    }
  }
}
