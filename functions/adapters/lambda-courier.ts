import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { wordOf, type Courier } from '../core/delivery/courier.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import { requireGranted, type DeliveryGrant } from '../core/delivery/consumer-grants.ts';
import { awsFailure, hasCode } from './aws-errors.ts';

/**
 * Tells a function that it should drop what it has cached. The event reaches one execution environment; the
 * others keep the value until their cache is old, which the policy's `cacheTtl` stands for. Source: AWS
 * Lambda API Reference, Invoke: an asynchronous invocation is accepted with 202.
 */
export function lambdaCourier(client: LambdaClient, grants: readonly DeliveryGrant[]): Courier {
  return {
    kind: 'lambda',
    async carry(parcel) {
      requireGranted(grants, parcel, 'delivery.lambda in keyturn.json');
      const name = parcel.consumer.target;
      const status = await invoke(client, name, JSON.stringify(wordOf(parcel)));
      if (status !== 202)
        throw new KeyturnError(
          'aws-failed',
          `AWS did not do lambda:InvokeFunction: it answered ${status ?? 'nothing'} for ${name}.`,
        );
      return { outcome: 'proven', proof: 'Lambda accepted the invocation' };
    },
  };
}

async function invoke(client: LambdaClient, name: string, payload: string): Promise<number | undefined> {
  try {
    const answer = await client.send(
      new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: Buffer.from(payload) }),
    );
    return answer.StatusCode;
  } catch (error) {
    if (hasCode(error, 'ResourceNotFoundException'))
      throw new KeyturnError(
        'not-found',
        `There is no function ${name}: correct the target of the consumer.`,
      );
    throw awsFailure('lambda:InvokeFunction', error);
  }
}
