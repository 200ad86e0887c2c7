import type { Ports } from '../../core/ports/ports.ts';
import type { Millis } from '../../core/basics/time.ts';
import type { StorePorts } from '../inventory/store.ts';
import type { LeasePorts } from '../inventory/lease.ts';

export type ReconcilePorts = StorePorts &
  LeasePorts &
  Pick<Ports, 'secrets' | 'commands' | 'installation' | 'policyDefaults'>;

export interface ReconcileLimits {
  /** A new pass begins so long after the one before it began; one that is not over goes on at every run. */
  readonly every: Millis;
  readonly inspectionsPerMinute: (provider: string) => number;
}
