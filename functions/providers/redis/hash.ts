import { createHash } from 'node:crypto';
import type { Secret } from '../../core/basics/secret.ts';

/** How Redis keeps a password. Source: redis.io, "ACL SETUSER", `#<hashedpassword>`. */
export function hashOf(value: Secret): string {
  return createHash('sha256').update(value.reveal()).digest('hex');
}

const MARK_LENGTH = 16;

/**
 * Tells a password of a user from every other one, in handles. Not the hash itself, which stands in ACL files
 * and is looked up in tables. Of values that Keyturn chose it tells nothing.
 */
export function markOf(hash: string): string {
  return createHash('sha256').update(`keyturn-redis-1\n${hash}`).digest('hex').slice(0, MARK_LENGTH);
}
