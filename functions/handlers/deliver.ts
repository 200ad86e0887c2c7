import type { SQSBatchResponse } from 'aws-lambda';
import { ecsClient, eventbridgeClient, lambdaClient, secretsManagerClient } from '../adapters/aws-clients.ts';
import { ecsCourier } from '../adapters/ecs-courier.ts';
import { eventCourier } from '../adapters/event-courier.ts';
import { lambdaCourier } from '../adapters/lambda-courier.ts';
import { secretCourier } from '../adapters/secret-courier.ts';
import type { Courier } from '../core/delivery/courier.ts';
import { MINUTE } from '../core/basics/time.ts';
import { deliverySecretOf } from '../core/basics/names.ts';
import { httpCouriers } from '../couriers/registry.ts';
import { deliver } from '../use-cases/delivery/deliver.ts';
import type { DeliverPorts } from '../use-cases/delivery/carry-value.ts';
import { once, parseEnv } from './cold-start.ts';
import { DeliverEnv } from './deliver.env.ts';
import { deliveryIn } from './eventbridge-message.ts';
import { LOG, commonPorts, timeLeftOf, type Invocation } from './ports.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { hostsIn } from './provider-ports.ts';
import { reported } from './report.ts';
import { workOff } from './sqs-batch.ts';

/** What a promotion brings is looked after soon, or by the sweep. */
const SOON = 30 * MINUTE;

const setUp = once((): Omit<DeliverPorts, 'timeLeft'> => {
  const env = parseEnv(DeliverEnv, process.env);
  const common = commonPorts(env);
  const { now, sleep, uuid } = common;
  const tools = { fetch: guardedFetch(hostsIn(env.DELIVERY_HOSTS)), now, sleep, uuid };
  const all: readonly Courier[] = [
    ecsCourier(ecsClient(), env.ECS_GRANTS, common.now),
    lambdaCourier(lambdaClient(), env.LAMBDA_GRANTS),
    secretCourier(secretsManagerClient(), env.SECRET_GRANTS),
    eventCourier(eventbridgeClient(), env.BUS_NAME),
    ...httpCouriers({ ...tools, destinations: (kind) => common.secrets.readAdmin(deliverySecretOf(kind)) }),
  ];
  return {
    ...common,
    couriers: new Map(
      all.filter((one) => env.DELIVERY_KINDS.includes(one.kind)).map((one) => [one.kind, one]),
    ),
  };
});

/**
 * `deliver`: commands of the sweep, and promotions as the bus tells of them, through one queue. Either only
 * says where to look.
 */
export function handler(event: unknown, context: Invocation): Promise<SQSBatchResponse> {
  return reported(LOG, async () => {
    const ports = { ...setUp(), ...timeLeftOf(context) };
    return workOff(event, LOG, ({ body }) => deliver(deliveryIn(body, ports.now() + SOON), ports));
  });
}
