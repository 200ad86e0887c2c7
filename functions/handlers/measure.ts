import { dynamodbClient } from '../adapters/aws-clients.ts';
import { dynamodbInventory } from '../adapters/dynamodb-inventory.ts';
import { gaugeWriter } from '../adapters/metrics.ts';
import { measure, type MeasurePorts } from '../use-cases/measure.ts';
import { once, parseEnv } from './cold-start.ts';
import { MeasureEnv } from './measure.env.ts';
import { LOG } from './ports.ts';
import { reported } from './report.ts';

const setUp = once((): MeasurePorts => {
  const env = parseEnv(MeasureEnv, process.env);
  return { inventory: dynamodbInventory({ client: dynamodbClient(), name: env.TABLE_NAME }), now: Date.now, gauge: gaugeWriter(env.KEYTURN_INSTALLATION) };
});

/** `measure`: called by a schedule. */
export function handler(): Promise<void> {
  return reported(LOG, async () => {
    const tokens = await measure(setUp());
    LOG.info('measured', { tokens });
  });
}
