import * as z from 'zod';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { Inventory } from '../../core/ports/inventory.ts';
import { ABSENT, getItem, parseItem, putItem, type Condition, type Key, type Table } from './table.ts';

/** Each kind of run has a partition of its own: core/partitions.ts. */
const TURNS = 'L#';
const TurnItem = z.object({ owner: z.string(), until: z.number(), note: z.unknown().optional() });

function keyOf(kind: string): Key {
  return { pk: TURNS + kind, sk: 'TURN' };
}

function stillOf(owner: string): Condition {
  return { expression: '#owner = :owner', names: { '#owner': 'owner' }, values: { ':owner': owner } };
}

/**
 * Which run holds the lease. Every run has a name of its own, so the name alone tells whether anybody was
 * there in between.
 */
export function leaseRecords(table: Table): Pick<Inventory, 'acquireLease' | 'renewLease'> {
  async function read(kind: string): Promise<z.output<typeof TurnItem> | undefined> {
    const item = await getItem(table, keyOf(kind));
    return item && parseItem(TurnItem, item, `the turn ${kind}`);
  }

  return {
    async acquireLease(kind, { owner, now, until }) {
      const last = await read(kind);
      if (last && last.owner !== owner && last.until > now) return undefined;
      const taken = await putItem(
        table,
        keyOf(kind),
        { owner, until, note: last?.note },
        last ? stillOf(last.owner) : ABSENT,
      );
      // The SDK repeats a write whose answer was lost, and the repetition meets its own first try.
      return taken || (await read(kind))?.owner === owner ? { note: last?.note } : undefined;
    },
    async renewLease(kind, { owner, until, note }) {
      if (await putItem(table, keyOf(kind), { owner, until, note }, stillOf(owner))) return;
      throw new KeyturnError('conflict', `Another run of ${kind} holds the lease by now.`);
    },
  };
}
