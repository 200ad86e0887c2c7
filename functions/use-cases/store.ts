import { withFindings } from '../core/assess.ts';
import { KeyturnError } from '../core/errors.ts';
import { pruned } from '../core/life.ts';
import { dueAtOf } from '../core/plan.ts';
import type { Ports } from '../core/ports.ts';
import type { Token } from '../core/token.ts';

/** What keeping records needs of the world. */
export type StorePorts = Pick<Ports, 'inventory' | 'bus' | 'descriptor' | 'now' | 'log'>;

const TRIES = 8;

/** Everything that follows from a record by itself: findings, what to tell, when to look again. */
export function derived(token: Token, ports: StorePorts): Token {
  const facts = ports.descriptor(token.provider);
  const assessed = pruned(withFindings(token, facts, ports.now()));
  return { ...assessed, dueAt: dueAtOf(assessed, facts, ports.now()) };
}

/**
 * Changes a token's record: loads it, applies a pure change, saves it under the version check, again from the start if somebody was faster.
 * What the change has to tell is told once it is saved. Resolves to the record as saved.
 * Errors: `not-found`; `conflict` after several tries; whatever the change throws.
 */
export async function change(tokenId: string, ports: StorePorts, apply: (token: Token) => Token): Promise<Token> {
  for (let tried = 1; ; tried++) {
    const loaded = await ports.inventory.load(tokenId);
    if (!loaded) throw new KeyturnError('not-found', `There is no token ${tokenId} in the inventory.`);
    const { restUntil: _rested, ...awake } = loaded.token;
    const applied = apply(awake);
    if (applied === awake && loaded.token.restUntil === undefined && loaded.token.outbox.length === 0) return loaded.token;
    const next = derived(applied, ports);
    try {
      const revision = await ports.inventory.save(next, loaded.revision);
      return await tell(next, revision, ports);
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'conflict') || tried >= TRIES) throw error;
    }
  }
}

/** Saves a record that did not exist. When another run was faster, theirs stands. */
export async function create(token: Token, ports: StorePorts): Promise<Token> {
  const next = derived(token, ports);
  try {
    const revision = await ports.inventory.save(next, 0);
    return await tell(next, revision, ports);
  } catch (error) {
    const existing = error instanceof KeyturnError && error.code === 'conflict' ? await ports.inventory.load(token.id) : undefined;
    if (!existing) throw error;
    return existing.token;
  }
}

/**
 * Tells what a saved record has in its outbox, then empties it. If this fails the facts stay in the record and the sweep tells them;
 * the change itself is done, so it never fails for it.
 */
async function tell(token: Token, revision: number, ports: StorePorts): Promise<Token> {
  if (token.outbox.length === 0) return token;
  try {
    await ports.inventory.appendHistory(token.outbox);
    await ports.bus.publish(token.outbox);
    const told = derived({ ...token, outbox: [] }, ports);
    await ports.inventory.save(told, revision);
    return told;
  } catch (error) {
    ports.log.warn('facts wait in the outbox', { tokenId: token.id, reason: error instanceof Error ? error.message : 'unknown' });
    return token;
  }
}
