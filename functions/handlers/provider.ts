import type { SQSBatchResponse } from 'aws-lambda';
import { sqsClient } from '../adapters/aws-clients.ts';
import { sqsCommands } from '../adapters/sqs-commands.ts';
import { Command } from '../core/commands.ts';
import { act as carryOut } from '../use-cases/act/index.ts';
import { rotate as takeStep } from '../use-cases/rotate/index.ts';
import { once, parseEnv } from './cold-start.ts';
import { parseMessage } from './message.ts';
import { LOG, timeLeftOf, type Invocation } from './ports.ts';
import { providerPorts } from './provider-ports.ts';
import { reported } from './report.ts';
import { RotateEnv } from './rotate.env.ts';
import { rotationEventFrom } from './rotation-event.ts';
import { workOff } from './sqs-batch.ts';

const setUp = once(() => {
  const env = parseEnv(RotateEnv, process.env);
  return { provider: env.KEYTURN_PROVIDER, queues: { [env.KEYTURN_PROVIDER]: env.ACT_QUEUE }, ports: providerPorts(env) };
});

/** `rotate-<provider>`: one step of a rotation, called by Secrets Manager. */
export function rotate(event: unknown, context: Invocation): Promise<void> {
  return reported(LOG, async () => {
    const { provider, queues, ports } = setUp();
    await takeStep(rotationEventFrom(event), provider, { ...ports, commands: sqsCommands(sqsClient(), queues), ...timeLeftOf(context) });
  });
}

/** `act-<provider>`: commands from its queue. */
export function act(event: unknown, context: Invocation): Promise<SQSBatchResponse> {
  return reported(LOG, async () => {
    const { ports } = setUp();
    return workOff(event, LOG, ({ body, sender }) => carryOut(parseMessage(Command, body, 'command'), sender, { ...ports, ...timeLeftOf(context) }));
  });
}
