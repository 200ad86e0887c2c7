import * as z from 'zod';
import { parseJson } from '../../../../functions/core/basics/json.ts';
import { eventFields, isFields, patternIn } from '../patterns.ts';
import type { PolicyDocument } from '../types.ts';

export const Attribute = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});
export type SnsAttributes = Readonly<Record<string, z.infer<typeof Attribute>>>;

export interface Subscription {
  readonly protocol: 'email' | 'email-json' | 'sqs' | 'lambda' | 'https';
  /** A mail address, an ARN or a URL. */
  readonly endpoint: string;
  readonly filterPolicy?: Readonly<Record<string, unknown>>;
  readonly filterPolicyScope?: 'MessageAttributes' | 'MessageBody';
  readonly rawMessageDelivery?: boolean;
  /** A queue for what could not be delivered. */
  readonly deadLetterArn?: string;
}

export interface Mail {
  readonly at: number;
  readonly topicArn: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface TopicSettings {
  readonly name: string;
  readonly policy?: PolicyDocument;
  /** A customer's own key that the topic is encrypted with. */
  readonly kmsKeyId?: string;
}

export interface Notification {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: SnsAttributes;
  readonly at: number;
}

function attributeValue({ DataType, StringValue }: SnsAttributes[string]): unknown {
  if (DataType === 'Number') return Number(StringValue);
  return DataType === 'String.Array' ? parseJson(StringValue ?? '') : StringValue;
}

/**
 * Whether a subscription wants a message (developer guide, "Amazon SNS message filtering"). A message without
 * attributes fits no policy on attributes, not even one that asks for an attribute to be absent (same guide,
 * "Key matching").
 */
export function passesFilter(subscription: Subscription, notification: Notification): boolean {
  if (!subscription.filterPolicy || Object.keys(subscription.filterPolicy).length === 0) return true;
  if (subscription.filterPolicyScope === 'MessageBody') {
    return (
      isFields(parseJson(notification.message)) &&
      patternIn(subscription.filterPolicy).fits(eventFields(notification.message))
    );
  }
  if (Object.keys(notification.attributes).length === 0) return false;
  const fields = Object.fromEntries(
    Object.entries(notification.attributes).map(([name, value]) => [name, attributeValue(value)]),
  );
  return patternIn(subscription.filterPolicy).fits(eventFields(fields));
}

/** The text for one protocol: `MessageStructure: json` carries a text for each. */
export function textFor(
  protocol: Subscription['protocol'],
  message: string,
  structure: string | undefined,
): string {
  if (structure !== 'json') return message;
  const texts = parseJson(message);
  if (!isFields(texts)) return message;
  const text = texts[protocol] ?? texts['default'];
  return typeof text === 'string' ? text : '';
}

/**
 * The envelope that queues and web servers get. The signature is a stand-in: nothing here can sign as SNS
 * does.
 */
export function envelope(notification: Notification): Record<string, unknown> {
  const attributes = Object.entries(notification.attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) =>
      [name, { Type: DataType, Value: StringValue ?? BinaryValue ?? '' }] as const,
  );
  return {
    Type: 'Notification',
    MessageId: notification.messageId,
    TopicArn: notification.topicArn,
    ...(notification.subject !== undefined && { Subject: notification.subject }),
    Message: notification.message,
    Timestamp: new Date(notification.at).toISOString(),
    SignatureVersion: '1',
    Signature: 'sandbox',
    SigningCertURL: 'https://sns.invalid/sandbox.pem',
    UnsubscribeURL: 'https://sns.invalid/unsubscribe',
    ...(attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) }),
  };
}

/** The event a subscribed function gets. */
export function lambdaEvent(notification: Notification, subscriptionArn: string): unknown {
  const { SigningCertURL, UnsubscribeURL, ...rest } = envelope(notification);
  const Sns = {
    ...rest,
    MessageAttributes: rest['MessageAttributes'] ?? {},
    Subject: notification.subject ?? null,
    SigningCertUrl: SigningCertURL,
    UnsubscribeUrl: UnsubscribeURL,
  };
  return {
    Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscriptionArn, Sns }],
  };
}
