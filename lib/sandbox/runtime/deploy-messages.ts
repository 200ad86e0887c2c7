import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import type { PolicyDocument } from '../aws/types.ts';
import type { Deployment } from './deployment.ts';
import { isFields, joinPolicies } from './json.ts';
import type { Template } from './template.ts';

const Document = z.record(z.string(), z.unknown());
const Redrive = z.looseObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() });
const Queue = z.looseObject({
  VisibilityTimeout: z.number().optional(),
  DelaySeconds: z.number().optional(),
  MessageRetentionPeriod: z.number().optional(),
  RedrivePolicy: Redrive.optional(),
  KmsMasterKeyId: z.string().optional(),
});

/** The policies that a template attaches to one resource. */
function policiesOf(template: Template, type: string, field: string, id: string): PolicyDocument | undefined {
  const attached = template
    .of(type)
    .filter(({ properties }) => z.array(z.string()).parse(properties[field]).includes(id));
  return joinPolicies(attached.map(({ properties }) => Document.parse(properties['PolicyDocument'])));
}

export function deployQueues({ aws, template }: Pick<Deployment, 'aws' | 'template'>): void {
  for (const resource of template.of('AWS::SQS::Queue')) {
    const queue = Queue.parse(resource.properties);
    const policy = policiesOf(template, 'AWS::SQS::QueuePolicy', 'Queues', resource.ref);
    aws.sqs.add({
      name: resource.attributes['QueueName'] ?? '',
      ...(policy && { policy }),
      ...(queue.VisibilityTimeout !== undefined && { visibilityTimeout: queue.VisibilityTimeout * SECOND }),
      ...(queue.DelaySeconds !== undefined && { delay: queue.DelaySeconds * SECOND }),
      ...(queue.MessageRetentionPeriod !== undefined && { retention: queue.MessageRetentionPeriod * SECOND }),
      ...(queue.RedrivePolicy && {
        redrive: {
          deadLetterArn: queue.RedrivePolicy.deadLetterTargetArn,
          maxReceiveCount: queue.RedrivePolicy.maxReceiveCount,
        },
      }),
      ...(queue.KmsMasterKeyId !== undefined && { kmsKeyId: queue.KmsMasterKeyId }),
    });
  }
}

const Topic = z.looseObject({
  KmsMasterKeyId: z.string().optional(),
  Subscription: z.array(z.looseObject({ Protocol: z.string(), Endpoint: z.string() })).default([]),
});
const Subscription = z.looseObject({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  FilterPolicy: Document.optional(),
  FilterPolicyScope: z.enum(['MessageAttributes', 'MessageBody']).optional(),
  RawMessageDelivery: z.boolean().optional(),
  RedrivePolicy: z.looseObject({ deadLetterTargetArn: z.string() }).optional(),
});
const Protocol = z.enum(['email', 'email-json', 'sqs', 'lambda', 'https'], {
  error: (issue) => `The sandbox does not know subscriptions by ${String(issue.input)}.`,
});

export function deployTopics({ aws, template }: Deployment): void {
  for (const resource of template.of('AWS::SNS::Topic')) {
    const topic = Topic.parse(resource.properties);
    const policy = policiesOf(template, 'AWS::SNS::TopicPolicy', 'Topics', resource.ref);
    const name = resource.attributes['TopicName'] ?? '';
    const arn = aws.sns.add({
      name,
      ...(policy && { policy }),
      ...(topic.KmsMasterKeyId !== undefined && { kmsKeyId: topic.KmsMasterKeyId }),
    });
    for (const { Protocol: protocol, Endpoint } of topic.Subscription)
      aws.sns.subscribe(arn, { protocol: Protocol.parse(protocol), endpoint: Endpoint });
  }
  for (const { properties } of template.of('AWS::SNS::Subscription')) {
    const wanted = Subscription.parse(properties);
    aws.sns.subscribe(wanted.TopicArn, {
      protocol: Protocol.parse(wanted.Protocol),
      endpoint: wanted.Endpoint,
      ...(isFields(wanted.FilterPolicy) && { filterPolicy: wanted.FilterPolicy }),
      ...(wanted.FilterPolicyScope !== undefined && { filterPolicyScope: wanted.FilterPolicyScope }),
      ...(wanted.RawMessageDelivery !== undefined && { rawMessageDelivery: wanted.RawMessageDelivery }),
      ...(wanted.RedrivePolicy && { deadLetterArn: wanted.RedrivePolicy.deadLetterTargetArn }),
    });
  }
}
