import { createHash } from 'node:crypto';
import { PARTITIONS } from '../../core/inventory/partitions.ts';

/** How many partitions an index over all tokens is spread over: one partition bears 1,000 writes a second. */
export const SHARDS = 4;

/** The partition of a token's record. */
export function tokenPk(tokenId: string): string {
  return PARTITIONS.token + tokenId;
}

/** The token whose partition it is. */
export function tokenIdIn(pk: string): string {
  return pk.slice(PARTITIONS.token.length);
}

/** The shard of the indexes that a token stands in. */
export function shardOf(tokenId: string): number {
  return createHash('sha256').update(tokenId).digest().readUInt8(0) % SHARDS;
}
