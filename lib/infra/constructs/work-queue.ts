import { Duration } from 'aws-cdk-lib';
import type { Rule } from 'aws-cdk-lib/aws-events';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription, type ITopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueuePolicy, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLetterQueueOf } from '../../../functions/core/basics/resource-names.ts';
import { allow } from '../permissions.ts';
import { receiveFrom } from '../queue-permissions.ts';
import type { Foundation } from './foundation.ts';

/** A queue for what was given up elsewhere: kept two weeks, as long as SQS can. */
export class DeadLetterQueue extends Queue {
  readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    props: { foundation: Foundation; name: string; isTlsShared?: boolean },
  ) {
    const name = deadLetterQueueOf(props.name);
    super(scope, id, {
      queueName: name,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.foundation.keys.data,
      enforceSSL: props.isTlsShared !== true,
      retentionPeriod: Duration.days(14),
    });
    this.name = name;
  }
}

export interface WorkQueueProps {
  readonly foundation: Foundation;
  readonly name: string;
  /** Time-out of the function that works the queue off. */
  readonly consumerTimeout: Duration;
  /**
   * When a failed message comes back, more than `consumerTimeout`; by default six times that, as Lambda
   * recommends for batches.
   */
  readonly comesBackAfter?: Duration;
  readonly tries?: number;
  /** Whether its policy and that of its dead-letter queue are one that many share: {@link askForTls}. */
  readonly isTlsShared?: boolean;
}

/**
 * One policy for many queues that nothing is said of but that they are spoken to encrypted: a policy each
 * would be two resources for each issuer. A queue has one policy alone, so nothing may be added to that of
 * these queues. `*` is the queue that a policy is attached to (AWS CloudFormation user guide, "AWS Identity
 * and Access Management template snippets", declaring an Amazon SQS policy; a list of several is refused).
 */
export function askForTls(scope: Construct, id: string, queues: readonly WorkQueue[]): void {
  const policyDocument = new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'EncryptedOnly',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['sqs:*'],
        resources: ['*'],
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ],
  });
  new CfnQueuePolicy(scope, id, {
    policyDocument,
    queues: queues.flatMap(({ queue, dead }) => [queue.queueUrl, dead.queueUrl]),
  });
}

/** A queue that one function works off, and its dead-letter queue. */
export class WorkQueue extends Construct {
  readonly name: string;
  readonly queue: Queue;
  readonly dead: DeadLetterQueue;
  readonly #foundation: Foundation;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.#foundation = props.foundation;
    this.name = props.name;
    this.dead = new DeadLetterQueue(this, 'Dead', props);
    this.queue = new Queue(this, 'Queue', {
      queueName: props.name,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.foundation.keys.data,
      enforceSSL: props.isTlsShared !== true,
      visibilityTimeout: props.comesBackAfter ?? Duration.seconds(props.consumerTimeout.toSeconds() * 6),
      deadLetterQueue: { queue: this.dead, maxReceiveCount: props.tries ?? 5 },
    });
  }

  /**
   * Takes the events of a rule, and from no other; CDK's own target would leave out that limit and widen the
   * key's policy. The rule's ARN is what limits it (Amazon EventBridge user guide, "Using resource-based
   * policies for Amazon EventBridge": Amazon SQS permissions), since the policy of the key cannot (Amazon SNS
   * developer guide, "Key management"): see keys.ts.
   */
  take(rule: Rule, retry: { tries: number; age: Duration }): void {
    for (const queue of [this.queue, this.dead]) {
      const send = allow(['sqs:SendMessage'], [queue.queueArn], {
        ArnEquals: { 'aws:SourceArn': rule.ruleArn },
      });
      send.addPrincipals(new ServicePrincipal('events.amazonaws.com'));
      queue.addToResourcePolicy(send);
    }
    rule.addTarget({
      bind: () => ({
        arn: this.queue.queueArn,
        deadLetterConfig: { arn: this.dead.queueArn },
        retryPolicy: { maximumRetryAttempts: retry.tries, maximumEventAgeInSeconds: retry.age.toSeconds() },
      }),
    });
  }

  /**
   * Takes what a topic publishes, and from no other topic; CDK's own subscription would widen the key's
   * policy.
   */
  subscribe(topic: ITopic): void {
    for (const queue of [this.queue, this.dead]) {
      const send = allow(['sqs:SendMessage'], [queue.queueArn], {
        ArnEquals: { 'aws:SourceArn': topic.topicArn },
      });
      send.addPrincipals(new ServicePrincipal('sns.amazonaws.com'));
      queue.addToResourcePolicy(send);
    }
    new CfnSubscription(this, 'Subscription', {
      topicArn: topic.topicArn,
      protocol: 'sqs',
      endpoint: this.queue.queueArn,
      rawMessageDelivery: true,
      redrivePolicy: { deadLetterTargetArn: this.dead.queueArn },
    });
  }

  /** Lets a function work the queue off, a failed message at a time; SQS scales no lower than two at once. */
  feed(
    consumer: { fn: IFunction; allow(...statements: PolicyStatement[]): void },
    options: { batchSize: number; concurrency?: number; window?: Duration },
  ): void {
    consumer.allow(...receiveFrom(this.#foundation.keys.data, this.queue));
    new EventSourceMapping(this, 'Feed', {
      target: consumer.fn,
      eventSourceArn: this.queue.queueArn,
      batchSize: options.batchSize,
      reportBatchItemFailures: true,
      ...(options.window && { maxBatchingWindow: options.window }),
      ...(options.concurrency !== undefined && { maxConcurrency: Math.max(2, options.concurrency) }),
    });
  }
}
