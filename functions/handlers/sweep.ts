import { sqsClient } from '../adapters/aws-clients.ts';
import { heartbeat } from '../adapters/metrics.ts';
import { sqsDeliveries } from '../adapters/sqs-commands.ts';
import { sweep } from '../use-cases/schedules/sweep.ts';
import { inspectionsIn } from './issuer-limits.ts';
import { once, parseEnv } from './cold-start.ts';
import { LOG, commandingPorts, timeLeftOf, type Invocation } from './ports.ts';
import { reported, requireNoneFailed } from './report.ts';
import { SweepEnv } from './sweep.env.ts';

const setUp = once(() => {
  const env = parseEnv(SweepEnv, process.env);
  const perIssuer = (provider: string): number => env.ISSUER_LIMITS[provider]?.maxConcurrentRotations ?? 1;
  const deliveries = sqsDeliveries(sqsClient(), { url: env.DELIVERY_QUEUE, kinds: env.DELIVERY_KINDS });
  return {
    finished: heartbeat(env.KEYTURN_INSTALLATION),
    limits: {
      inAll: env.ROTATIONS_AT_ONCE,
      perIssuer,
      inspectionsPerMinute: inspectionsIn(env.ISSUER_LIMITS),
    },
    ports: { ...commandingPorts(env), deliveries },
  };
});

/** `sweep`: called by a schedule. */
export function handler(_event: unknown, context: Invocation): Promise<void> {
  return reported(LOG, async () => {
    const { limits, ports, finished } = setUp();
    const report = await sweep(limits, { ...ports, ...timeLeftOf(context) });
    if (!report) return LOG.info('another sweep is at work');
    LOG.info('swept', { ...report });
    finished('sweep');
    requireNoneFailed(report.failed, 'token', 'swept');
  });
}
