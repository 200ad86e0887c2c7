import { Gauges } from '../core/gauges.ts';
import type { Gauge } from '../core/measures.ts';
import type { Ports } from '../core/ports.ts';

export interface MeasurePorts extends Pick<Ports, 'now'> {
  readonly inventory: Pick<Ports['inventory'], 'all'>;
  readonly gauge: (provider: string, values: ReadonlyMap<Gauge, number>) => void;
}

/** Goes through all tokens once and writes how they are, by provider. Resolves to how many there were. */
export async function measure({ inventory, now, gauge }: MeasurePorts): Promise<number> {
  const gauges = new Gauges();
  let tokens = 0;
  for await (const { token } of inventory.all()) {
    gauges.look(token, now());
    tokens++;
  }
  for (const [provider, values] of gauges.all()) gauge(provider, values);
  return tokens;
}
