/** Delivers a message to the queue, topic, function or bus that an ARN names. */
import type { EventBridge } from './events/service.ts';
import { AwsError } from './errors.ts';
import type { Principal, World } from './types.ts';
import type { Services } from './aws.ts';

interface DeliveryParts {
  readonly services: () => Services;
  readonly authorize: World['authorize'];
  readonly busesOf: (account: string) => EventBridge | undefined;
}

/** A bus may be another account's: then its policy has to allow it, besides the sender's own. */
function forward(
  { authorize, busesOf }: DeliveryParts,
  principal: Principal,
  arn: string,
  event: Readonly<Record<string, unknown>>,
): void {
  const bus = arn.split('/').at(-1) ?? '';
  const buses = busesOf(arn.split(':')[4] ?? '');
  if (!buses)
    throw new AwsError('ResourceNotFoundException', `There is no account of ${arn} in this process.`);
  authorize(principal, buses.takeCheck(bus, event));
  buses.take(bus, event);
}

/** Hands a letter to the service that an ARN names. */
export function createDelivery(parts: DeliveryParts): World['deliver'] {
  return async (principal, arn, letter) => {
    const { sqs, sns, lambda } = parts.services();
    switch (arn.split(':')[2] ?? '') {
      case 'sqs':
        return sqs.deliver(principal, arn, letter);
      case 'sns':
        return sns.deliver(principal, arn, letter);
      case 'lambda':
        return lambda.invokeLater(principal, arn, JSON.parse(letter.body));
      case 'events':
        return forward(parts, principal, arn, JSON.parse(letter.body));
      default:
        throw new AwsError('ValidationException', `The sandbox does not deliver to ${arn}.`);
    }
  };
}
