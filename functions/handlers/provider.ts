import type { SQSBatchResponse } from 'aws-lambda';
import type { Provider, ProviderTools } from '../core/issuer/provider.ts';
import { sqsClient } from '../adapters/aws-clients.ts';
import { sqsCommands } from '../adapters/sqs-commands.ts';
import { worker as carryOut } from '../use-cases/worker/index.ts';
import { rotate as takeStep } from '../use-cases/replacement/index.ts';
import { WorkerEnv } from './worker.env.ts';
import { admitted } from './admitted-commands.ts';
import { once, parseEnv } from './cold-start.ts';
import { LOG, timeLeftOf, type Invocation } from './ports.ts';
import { providerPorts } from './provider-ports.ts';
import { reported } from './report.ts';
import { RotateEnv } from './rotate.env.ts';
import { rotationEventFrom } from './rotation-event.ts';
import { workOff } from './sqs-batch.ts';

/**
 * The two functions of a provider: `rotate-<provider>`, one step of a rotation, called by Secrets Manager;
 * and `worker-<provider>`, commands from its queue, of those who may send them. A provider that is made of
 * what lies beside the bundle is given as a function. `send`: what carries its requests, where that is not
 * HTTP.
 */
export function providerHandlers(
  given: Provider | (() => Provider),
  send?: ProviderTools['fetch'],
): {
  readonly rotate: (event: unknown, context: Invocation) => Promise<void>;
  readonly worker: (event: unknown, context: Invocation) => Promise<SQSBatchResponse>;
} {
  const provider = once(typeof given === 'function' ? given : () => given);
  const setUpRotate = once(() => {
    const env = parseEnv(RotateEnv, process.env);
    const { id } = provider().descriptor;
    return {
      id,
      ports: {
        ...providerPorts(env, provider(), send),
        commands: sqsCommands(sqsClient(), { [id]: env.WORKER_QUEUE }),
      },
    };
  });
  const setUpAct = once(() => {
    const env = parseEnv(WorkerEnv, process.env);
    return {
      admission: { queueArn: env.COMMANDS_ARN, roles: env.SENDERS },
      ports: providerPorts(env, provider(), send),
    };
  });
  return {
    rotate: (event, context) =>
      reported(LOG, async () => {
        const { id, ports } = setUpRotate();
        await takeStep(rotationEventFrom(event), id, { ...ports, ...timeLeftOf(context) });
      }),
    worker: (event, context) =>
      reported(LOG, async () => {
        const { admission, ports } = setUpAct();
        return workOff(event, LOG, async (message) => {
          const found = admitted(message, admission, LOG);
          if (found) await carryOut(found.command, found.by, { ...ports, ...timeLeftOf(context) });
        });
      }),
  };
}
