import type { SQSBatchResponse } from 'aws-lambda';
import { sqsClient } from '../adapters/aws-clients.ts';
import { sqsCommands } from '../adapters/sqs-commands.ts';
import { worker as carryOut } from '../use-cases/worker/index.ts';
import { rotate as takeStep } from '../use-cases/rotation/index.ts';
import { WorkerEnv } from './worker.env.ts';
import { admitted } from './admitted-commands.ts';
import { once, parseEnv } from './cold-start.ts';
import { LOG, timeLeftOf, type Invocation } from './ports.ts';
import { providerPorts } from './provider-ports.ts';
import { reported } from './report.ts';
import { RotateEnv } from './rotate.env.ts';
import { rotationEventFrom } from './rotation-event.ts';
import { workOff } from './sqs-batch.ts';

const setUpRotate = once(() => {
  const env = parseEnv(RotateEnv, process.env);
  return {
    provider: env.KEYTURN_PROVIDER,
    ports: {
      ...providerPorts(env),
      commands: sqsCommands(sqsClient(), { [env.KEYTURN_PROVIDER]: env.WORKER_QUEUE }),
    },
  };
});

const setUpWorker = once(() => {
  const env = parseEnv(WorkerEnv, process.env);
  return { gatekeeper: { queueArn: env.COMMANDS_ARN, roles: env.SENDERS }, ports: providerPorts(env) };
});

/** `rotate-<provider>`: one step of a rotation, called by Secrets Manager. */
export function rotate(event: unknown, context: Invocation): Promise<void> {
  return reported(LOG, async () => {
    const { provider, ports } = setUpRotate();
    await takeStep(rotationEventFrom(event), provider, { ...ports, ...timeLeftOf(context) });
  });
}

/** `worker-<provider>`: commands from its queue, of those who may send them. */
export function worker(event: unknown, context: Invocation): Promise<SQSBatchResponse> {
  return reported(LOG, async () => {
    const { gatekeeper, ports } = setUpWorker();
    return workOff(event, LOG, async (message) => {
      const found = admitted(message, gatekeeper, LOG);
      if (found) await carryOut(found.command, found.by, { ...ports, ...timeLeftOf(context) });
    });
  });
}
