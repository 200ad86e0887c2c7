import type { Ports } from '../core/ports.ts';
import { DAY } from '../core/time.ts';
import type { Token } from '../core/token.ts';

/** So long a leak of a credential that its record has forgotten is still told to be ours, and dead. */
const KEPT_FOR = 400 * DAY;

/**
 * Makes sure that every fingerprint of a record leads to it, before the record itself is saved. Resolves to the record to save.
 * A record of an earlier version has none of its fingerprints noted yet: all are.
 */
export async function traced(before: Token | undefined, after: Token, ports: Pick<Ports, 'inventory' | 'now'>): Promise<Token> {
  const known = before?.traced === true ? fingerprintsIn(before) : new Set<string>();
  const wanted = fingerprintsIn(after);
  for (const fingerprint of wanted) if (!known.has(fingerprint)) await ports.inventory.trace(fingerprint, after.id);
  for (const fingerprint of known) if (!wanted.has(fingerprint)) await ports.inventory.trace(fingerprint, after.id, ports.now() + KEPT_FOR);
  return { ...after, traced: true };
}

function fingerprintsIn(token: Token): Set<string> {
  const made = token.attempts.flatMap((attempt) => attempt.mints.map((mint) => mint.fingerprint));
  const held = token.generations.map((one) => one.fingerprint);
  return new Set([...made, ...held].filter((one) => one !== undefined));
}
