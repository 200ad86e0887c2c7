/** Makes the SNS of the sandbox: topics, subscriptions and the operations on them. */
import * as z from 'zod';
import { AwsError } from '../errors.ts';
import { operation } from '../operation.ts';
import type { Check, Operation, World } from '../types.ts';
import { Subscriptions } from './subscriptions.ts';
import { subscriptionOperations } from './subscription-operations.ts';
import { Courier } from './carry-messages.ts';
import { Entry, checkBatch } from './publish-entries.ts';
import type { Sns, SnsOptions, Topic } from './service.ts';

/** The operations that publish. */
interface Publishing {
  /** Errors: NotFound. */
  readonly topic: (arn: string) => Topic;
  readonly checks: (arn: string) => Check[];
  readonly courier: Courier;
}

function publishBatch(
  topic: Topic,
  entries: readonly (Entry & { readonly Id: string })[],
  courier: Courier,
): unknown {
  checkBatch(entries);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const { Id, ...entry } of entries) {
    try {
      Successful.push({ Id, MessageId: courier.publish(topic, entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function publishOperations({ topic, checks, courier }: Publishing): [string, Operation][] {
  return [
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
        run: () => publishBatch(topic(input.TopicArn), input.PublishBatchRequestEntries, courier),
      }),
    ),
  ];
}

/** An SNS without topics. */
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
  const requireTopic = (arn: string): Topic['settings'] => topic(arn).settings;
  return {
    service: new Map([
      ...publishOperations({ topic, checks, courier }),
      ...subscriptionOperations(subscriptions, { account: world.account, requireTopic }),
    ]),
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
