import type { Ports } from '../../core/ports/ports.ts';
import { reasonOf } from './store.ts';

export type LeasePorts = Pick<Ports, 'inventory' | 'now' | 'timeLeft' | 'uuid' | 'log'>;

export interface Lease {
  /** What this run, or the last one of its kind, noted; to be read by a schema. */
  readonly note: unknown;
  /**
   * Notes something that the next run is to know should this one be stopped. Errors: `conflict` when another
   * run holds the lease by now.
   */
  keep(note: unknown): Promise<void>;
}

/**
 * Runs something unless another run of its kind is at work; resolves to undefined then. A run that was
 * stopped keeps its lease until Lambda would have stopped it, which is when it certainly does nothing more.
 * What `run` returns as its note is left to the next one.
 */
export async function withLease<T>(
  kind: string,
  ports: LeasePorts,
  run: (lease: Lease) => Promise<{ readonly result: T; readonly note: unknown }>,
): Promise<T | undefined> {
  const owner = ports.uuid();
  const until = ports.now() + ports.timeLeft();
  const taken = await ports.inventory.acquireLease(kind, { owner, now: ports.now(), until });
  if (!taken) return undefined;
  let note = taken.note;
  const keep = async (next: unknown): Promise<void> => {
    await ports.inventory.renewLease(kind, { owner, until, note: next });
    note = next;
  };
  try {
    const done = await run({ note, keep });
    note = done.note;
    return done.result;
  } finally {
    await ports.inventory
      .renewLease(kind, { owner, until: 0, note })
      .catch((error: unknown) => ports.log.warn('a lease ends by itself', { kind, reason: reasonOf(error) }));
  }
}
