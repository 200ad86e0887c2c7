import { sqsClient } from '../adapters/aws-clients.ts';
import { heartbeat } from '../adapters/metrics.ts';
import { sqsDeliveries } from '../adapters/sqs-commands.ts';
import { sweep } from '../use-cases/sweep.ts';
import { once, parseEnv } from './cold-start.ts';
import { LOG, commandingPorts, timeLeftOf, type Invocation } from './ports.ts';
import { reported, requireNoneFailed } from './report.ts';
import { SweepEnv } from './sweep.env.ts';

const setUp = once(() => {
  const env = parseEnv(SweepEnv, process.env);
  return { finished: heartbeat(env.KEYTURN_INSTALLATION), limits: { startsPerSweep: env.STARTS_PER_SWEEP }, ports: { ...commandingPorts(env), deliveries: sqsDeliveries(sqsClient(), { url: env.DELIVERY_QUEUE, kinds: env.DELIVERY_KINDS }) } };
});

/** `sweep`: called by a schedule. */
export function handler(_event: unknown, context: Invocation): Promise<void> {
  return reported(LOG, async () => {
    const { limits, ports, finished } = setUp();
    const report = await sweep(limits, { ...ports, ...timeLeftOf(context) });
    LOG.info('swept', { ...report });
    finished('sweep');
    requireNoneFailed(report.failed, 'token', 'swept');
  });
}
