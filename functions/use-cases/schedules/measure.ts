import { KeyturnError } from '../../core/basics/errors.ts';
import { Gauges } from '../../core/inventory/gauges.ts';
import type { Gauge } from '../../core/inventory/metric-names.ts';
import type { Ports } from '../../core/ports/ports.ts';

export interface MeasurePorts extends Pick<Ports, 'now'> {
  readonly inventory: Pick<Ports['inventory'], 'all'>;
  readonly gauge: (provider: string, values: ReadonlyMap<Gauge, number>) => void;
}

export interface MeasureReport {
  readonly tokens: number;
  /** What is wrong with a record that cannot be read; the others were measured. */
  readonly fault: KeyturnError | undefined;
}

/** Goes through all tokens once and writes how they are, by provider. */
export async function measure({ inventory, now, gauge }: MeasurePorts): Promise<MeasureReport> {
  const gauges = new Gauges();
  let tokens = 0;
  const look = async (): Promise<undefined> => {
    for await (const { token } of inventory.all()) {
      gauges.look(token, now());
      tokens++;
    }
  };
  // The inventory tells of a record that it cannot read after all the others.
  const fault = await look().catch(onlyMalformed);
  for (const [provider, values] of gauges.all()) gauge(provider, values);
  return { tokens, fault };
}

function onlyMalformed(error: unknown): KeyturnError {
  if (error instanceof KeyturnError && error.code === 'record-invalid') return error;
  throw error;
}
