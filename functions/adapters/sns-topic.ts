import { PublishCommand, type MessageAttributeValue, type SNSClient } from '@aws-sdk/client-sns';
import type { Canary } from '../core/inventory/canary.ts';
import type { ChatMessage } from '../core/alerts/chat.ts';
import type { AlertMessage } from '../core/alerts/alert-message.ts';
import type { AlertTopic } from '../core/alerts/alert-message.ts';
import type { CanaryWay } from '../core/ports/alert-topic.ts';
import { aws } from './aws-errors.ts';

/** SNS takes fewer than 100 characters, without line breaks (Amazon SNS API Reference, Publish). */
const SUBJECT_MOST = 99;

function subjectOf(text: string): string {
  const line = text.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return line.length <= SUBJECT_MOST ? line : `${line.slice(0, SUBJECT_MOST - 3)}...`;
}

function attributesOf(attributes: AlertMessage['attributes']): Record<string, MessageAttributeValue> {
  const stated = Object.entries(attributes).filter(([, value]) => value.length > 0);
  return Object.fromEntries(
    stated.map(([name, value]) => [
      name,
      typeof value === 'string'
        ? { DataType: 'String', StringValue: value }
        : { DataType: 'String.Array', StringValue: JSON.stringify(value) },
    ]),
  );
}

/**
 * People get words, machines the notice itself: SNS picks the body by the protocol of the subscription. A
 * short message has no subject: the first line of the text says who tells.
 */
function bodiesOf({ subject, text, body }: AlertMessage): string {
  return JSON.stringify({
    default: JSON.stringify(body),
    email: text,
    sms: `${subject}\n${text.split('\n', 1)[0] ?? ''}`,
  });
}

/** The topic that alerts go to. Error: `aws-failed`. */
export function snsTopic(client: SNSClient, topicArn: string): AlertTopic {
  return {
    async publish(message) {
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject: subjectOf(message.subject),
        MessageStructure: 'json',
        Message: bodiesOf(message),
        MessageAttributes: attributesOf(message.attributes),
      });
      await aws('sns:Publish', () => client.send(command));
    },
  };
}

/** The topic that a chat room listens to: it takes the message as it is. Error: `aws-failed`. */
export function snsRoom(
  client: SNSClient,
  topicArn: string,
): { publish(message: ChatMessage): Promise<void> } {
  return {
    async publish(message) {
      await aws('sns:Publish', () =>
        client.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(message) })),
      );
    },
  };
}

/** The topic of canaries, to which no people are subscribed. Error: `aws-failed`. */
export function snsCanaries(client: SNSClient, topicArn: string): CanaryWay {
  return {
    async send(canary: Canary) {
      await aws('sns:Publish', () =>
        client.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(canary) })),
      );
    },
  };
}
