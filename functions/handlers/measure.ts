import { dynamodbClient } from '../adapters/aws-clients.ts';
import { dynamodbInventory } from '../adapters/dynamodb/inventory.ts';
import { gaugeWriter, heartbeat } from '../adapters/metrics.ts';
import type { Part } from '../core/inventory/metric-names.ts';
import { measure, type MeasurePorts } from '../use-cases/schedules/measure.ts';
import { once, parseEnv } from './cold-start.ts';
import { MeasureEnv } from './measure.env.ts';
import { LOG } from './ports.ts';
import { reported } from './report.ts';

const setUp = once((): MeasurePorts & { finished: (part: Part) => void } => {
  const env = parseEnv(MeasureEnv, process.env);
  return {
    inventory: dynamodbInventory({ client: dynamodbClient(), name: env.TABLE_NAME }),
    now: Date.now,
    gauge: gaugeWriter(env.KEYTURN_INSTALLATION),
    finished: heartbeat(env.KEYTURN_INSTALLATION),
  };
});

/** `measure`: called by a schedule. */
export function handler(): Promise<void> {
  return reported(LOG, async () => {
    const { finished, ...ports } = setUp();
    const { tokens, fault } = await measure(ports);
    LOG.info('measured', { tokens });
    finished('measure');
    if (fault) throw fault;
  });
}
