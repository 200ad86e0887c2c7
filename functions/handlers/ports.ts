import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type * as z from 'zod';
import {
  dynamodbClient,
  eventbridgeClient,
  secretsManagerClient,
  sqsClient,
} from '../adapters/aws-clients.ts';
import { dynamodbInventory } from '../adapters/dynamodb/inventory.ts';
import { eventbridgeBus } from '../adapters/eventbridge-bus.ts';
import { lambdaLog } from '../adapters/log.ts';
import { providerCounter } from '../adapters/metrics.ts';
import { nodeRandomness } from '../adapters/node-randomness.ts';
import { secretsManagerStore } from '../adapters/secrets-manager/store.ts';
import { sqsCommands } from '../adapters/sqs-commands.ts';
import type { Ports } from '../core/ports/ports.ts';
import { DESCRIPTORS } from '../providers/descriptors.ts';
import { ownDescriptor } from './own-descriptors.ts';
import type { CommonEnv } from './common.env.ts';
import { countingBus } from './counting-bus.ts';

/** What is used of Lambda's context. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** How long an invocation has left. */
export function timeLeftOf(context: Invocation): Pick<Ports, 'timeLeft'> {
  return { timeLeft: () => context.getRemainingTimeInMillis() };
}

type CommonPorts = Omit<Ports, 'seals' | 'issuers' | 'commands' | 'deliveries' | 'readers' | 'timeLeft'>;

/** The log of every function. */
export const LOG = lambdaLog();

/** The ports that every function has. */
export function commonPorts(env: z.output<typeof CommonEnv>): CommonPorts {
  const { KEYTURN_ACCOUNT: account, AWS_REGION: region, KEYTURN_INSTALLATION: name } = env;
  return {
    installation: { account, region, name },
    policyDefaults: env.POLICY_DEFAULTS,
    secrets: secretsManagerStore(secretsManagerClient()),
    inventory: dynamodbInventory({ client: dynamodbClient(), name: env.TABLE_NAME }),
    bus: countingBus(eventbridgeBus(eventbridgeClient(), env.BUS_NAME), providerCounter(name)),
    descriptor: (id) => DESCRIPTORS.find((descriptor) => descriptor.id === id) ?? ownDescriptor(id),
    log: LOG,
    now: Date.now,
    sleep: async (length) => setTimeout(length),
    uuid: randomUUID,
    random: nodeRandomness,
  };
}

/**
 * The ports of functions that give commands: to them a provider without a queue, since it was not deployed,
 * is none, whatever the code knows.
 */
export function commandingPorts(
  env: z.output<typeof CommonEnv> & { WORKER_QUEUES: Readonly<Record<string, string>> },
): CommonPorts & Pick<Ports, 'commands'> {
  const common = commonPorts(env);
  return {
    ...common,
    descriptor: (id) => (Object.hasOwn(env.WORKER_QUEUES, id) ? common.descriptor(id) : undefined),
    commands: sqsCommands(sqsClient(), env.WORKER_QUEUES),
  };
}
