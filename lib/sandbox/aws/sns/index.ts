import * as z from 'zod';
import { SECOND } from '../../../../functions/core/basics/time.ts';
import { AwsError } from '../errors.ts';
import type { Kms } from '../kms.ts';
import { operation } from '../operation.ts';
import type { Check, Operation, Principal, Service, World } from '../types.ts';
import { Subscriptions, subscriptionOperations } from './subscriptions.ts';
import {
  Attribute,
  envelope,
  lambdaEvent,
  passesFilter,
  textFor,
  type Mail,
  type Notification,
  type SnsAttributes,
  type Subscription,
  type TopicSettings,
} from './topic.ts';

export interface SnsOptions {
  readonly kms: Kms;
  /** Where mail goes. */
  readonly mail: (mail: Mail) => void;
  /** Posts to a web server; resolves to the HTTP status. */
  readonly post: (post: { url: string; headers: Record<string, string>; body: string }) => Promise<number>;
}

export interface Sns {
  readonly service: Service;
  /** Adds a topic and gives its ARN. */
  add(settings: TopicSettings): string;
  /** Subscribes for good, as if whoever has to confirm had done so with a signed request. */
  subscribe(topicArn: string, subscription: Subscription): string;
  /** Somebody follows a link of one of its mails. Errors: AwsError. */
  readonly visit: (link: string) => void;
  readonly arnOf: (name: string) => string;
  /** Publishes for a service principal. Errors: AuthorizationError, NotFound. */
  readonly deliver: (principal: Principal, arn: string, message: { body: string }) => void;
}

interface Topic {
  readonly arn: string;
  readonly settings: TopicSettings;
}

const Entry = {
  Message: z.string().min(1),
  Subject: z.string().optional(),
  MessageStructure: z.string().optional(),
  MessageAttributes: z.record(z.string(), Attribute).optional(),
};
type Entry = z.infer<z.ZodObject<typeof Entry>>;
const MAX_BYTES = 262_144;
const POST_TRIES = 4;

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${message}`);
}

function checkEntry(entry: Entry): void {
  if (entry.Subject !== undefined && !/^[\u0021-\u007E][\u0020-\u007E]{0,98}$/.test(entry.Subject))
    throw invalid('Subject');
  if (Buffer.byteLength(entry.Message) > MAX_BYTES) throw invalid('Message too long');
  if (entry.MessageStructure === undefined) return;
  if (entry.MessageStructure !== 'json') throw invalid('MessageStructure');
  const shape = z.looseObject({ default: z.string() });
  const texts = z.string().transform((text, context) => {
    try {
      return shape.parse(JSON.parse(text));
    } catch {
      context.addIssue('no default entry');
      return z.NEVER;
    }
  });
  if (!texts.safeParse(entry.Message).success)
    throw invalid('Message Structure - No default entry in JSON message body');
}

/** Errors: AwsError for a batch that is refused as a whole (API Reference, "PublishBatch"). */
function checkBatch(entries: readonly (Entry & { readonly Id: string })[]): void {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  if (entries.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    );
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id)))
    throw new AwsError(
      'InvalidBatchEntryId',
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    );
  if (new Set(entries.map(({ Id }) => Id)).size !== entries.length)
    throw new AwsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  const bytes = entries.reduce((sum, { Message }) => sum + Buffer.byteLength(Message), 0);
  if (bytes > MAX_BYTES)
    throw new AwsError(
      'BatchRequestTooLong',
      'The length of all the batch messages put together is more than the limit.',
    );
}

/** Carries messages from topics to their subscribers. */
class Courier {
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

export function createSns(world: World, options: SnsOptions): Sns {
  const topics = new Map<string, Topic>();
  const subscriptions = new Subscriptions(world, options.mail);
  const courier = new Courier(world, options, subscriptions);
  const arnOf = (name: string): string => `arn:aws:sns:${world.region}:${world.account}:${name}`;
  const topic = (arn: string): Topic => {
    const found = topics.get(arn);
    if (!found) throw new AwsError('NotFound', 'Topic does not exist', 404);
    return found;
  };
  const checks = (arn: string): Check[] => {
    const settings = topics.get(arn)?.settings;
    const keys = options.kms.checks(settings?.kmsKeyId, ['kms:GenerateDataKey', 'kms:Decrypt'], {
      'kms:EncryptionContext:aws:sns:topicArn': arn,
      'kms:ViaService': `sns.${world.region}.amazonaws.com`,
    });
    return [{ action: 'sns:Publish', resource: arn, resourcePolicy: settings?.policy }, ...keys];
  };
  const batch = (arn: string, entries: readonly (Entry & { Id: string })[]): unknown => {
    const known = topic(arn);
    checkBatch(entries);
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const { Id, ...entry } of entries) {
      try {
        Successful.push({ Id, MessageId: courier.publish(known, entry) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  };
  const operations: [string, Operation][] = [
    operation('Publish', z.strictObject({ TopicArn: z.string(), ...Entry }), ({ TopicArn, ...entry }) => ({
      resource: TopicArn,
      checks: checks(TopicArn),
      run: () => ({ MessageId: courier.publish(topic(TopicArn), entry) }),
    })),
    operation(
      'PublishBatch',
      z.strictObject({
        TopicArn: z.string(),
        PublishBatchRequestEntries: z.array(z.strictObject({ Id: z.string(), ...Entry })),
      }),
      (input) => ({
        resource: input.TopicArn,
        checks: checks(input.TopicArn),
        run: () => batch(input.TopicArn, input.PublishBatchRequestEntries),
      }),
    ),
    ...subscriptionOperations(subscriptions, {
      account: world.account,
      requireTopic: (arn) => topic(arn).settings,
    }),
  ];
  return {
    service: new Map(operations),
    add: (settings) => {
      const arn = arnOf(settings.name);
      topics.set(arn, { arn, settings });
      return arn;
    },
    subscribe: (topicArn, subscription) => subscriptions.add(topic(topicArn).arn, subscription),
    visit: (link) => subscriptions.visit(link),
    arnOf,
    deliver: (principal, arn, { body }) => {
      for (const check of checks(arn)) world.authorize(principal, check);
      courier.publish(topic(arn), { Message: body });
    },
  };
}

export type { SnsAttributes };
