import { randomUUID } from 'node:crypto';
import type { Inventory } from '../../core/ports/inventory.ts';
import { baselineRecords } from './baselines.ts';
import { dueRecords } from './due.ts';
import { installationItem } from './installation-record.ts';
import { historyRecords } from './history.ts';
import { holderRecords } from './holders.ts';
import { lineRecords } from './lines.ts';
import { permitRecords } from './permits.ts';
import { rebuildRecord } from './rebuild.ts';
import { tableIdOf, type Table } from './table.ts';
import { tokenRecords } from './tokens.ts';
import { traceRecords } from './traces.ts';
import { leaseRecords } from './leases.ts';
import { upstreamRecords } from './upstreams.ts';
import { watcherRecords } from './watchers.ts';

interface Surroundings {
  /** Which table this really is; DescribeTable tells unless a test does. */
  readonly tableId?: () => Promise<string>;
  /** Names each write, so that one repeated by the SDK knows itself. */
  readonly uuid?: () => string;
}

/**
 * The inventory in one DynamoDB table with the keys `pk` and `sk`, the TTL attribute `ttl`, and three sparse
 * indexes: `records` (recordShard, pk; keys only) of all tokens, `due` (dueShard, dueAt; keys only) of tokens
 * to be looked at, and `rotations` (line, lineAt; with `place`) of rotations that wait or are under way. Who
 * may write which item: core/partitions.ts. Errors: `conflict`, `record-invalid`, `aws-failed`.
 */
export function dynamodbInventory(
  table: Table,
  { tableId = () => tableIdOf(table), uuid = randomUUID }: Surroundings = {},
): Inventory {
  return {
    ...tokenRecords(table, uuid),
    ...dueRecords(table),
    ...lineRecords(table),
    ...holderRecords(table),
    ...traceRecords(table),
    ...historyRecords(table),
    ...watcherRecords(table),
    ...upstreamRecords(table),
    ...rebuildRecord(table, tableId),
    ...installationItem(table, uuid),
    ...permitRecords(table, uuid),
    ...baselineRecords(table),
    ...leaseRecords(table),
  };
}
