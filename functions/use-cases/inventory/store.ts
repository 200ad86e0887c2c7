import { withFindings } from '../../core/assessment/with-findings.ts';
import { withEnd } from '../../core/token/retirement.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { Fact } from '../../core/findings/events.ts';
import { withIncidents } from '../../core/incidents/incidents.ts';
import { pruned } from '../../core/token/prune.ts';
import { dueAtOf, startAtOf } from '../../core/assessment/due-times.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { withSamePlaces } from '../../core/token/same-value.ts';
import type { Token } from '../../core/token/token.ts';
import { indexed, unindexed, type Succession } from './credential-index.ts';

/** What keeping records needs of the world. */
export type StorePorts = Pick<Ports, 'inventory' | 'bus' | 'descriptor' | 'now' | 'log'>;

const TRIES = 8;

/**
 * What may be logged of an error: our own sentence, or only the name of a foreign one, whose text may quote
 * anything.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof KeyturnError) return error.message;
  return error instanceof Error ? error.name : 'unknown';
}

/** Everything that follows from a record by itself: findings, what to tell, when to look again. */
export function derived(token: Token, ports: StorePorts): Token {
  const facts = ports.descriptor(token.provider);
  const assessed = pruned(
    withFindings(withEnd(withIncidents(withSamePlaces(token), ports.now()), ports.now()), facts, ports.now()),
    ports.now(),
  );
  return {
    ...assessed,
    dueAt: dueAtOf(assessed, facts, ports.now()),
    startAt: startAtOf(assessed, facts, ports.now()),
  };
}

/**
 * Changes a token's record: applies a pure change and saves it under the version check, again from a fresh
 * read if somebody was faster. `from` may be what this run read or saved before; the version check makes an
 * old one harmless. What the change has to tell is told once it is saved. Resolves to the record as saved.
 * Errors: `not-found`; `conflict` after several tries; whatever the change throws.
 */
export async function change(
  from: string | Loaded,
  ports: StorePorts,
  apply: (token: Token) => Token,
  tries = TRIES,
): Promise<Loaded> {
  let known = typeof from === 'string' ? undefined : from;
  const tokenId = typeof from === 'string' ? from : from.token.id;
  for (let tried = 1; ; tried++) {
    const loaded = known ?? (await load(tokenId, ports));
    const { restUntil: _rested, ...awake } = loaded.token;
    const applied = apply(awake);
    const isSame =
      applied === awake && loaded.token.restUntil === undefined && loaded.token.outbox.length === 0;
    if (isSame) return loaded;
    const succession = {
      before: loaded.token,
      after: derived(applied, ports),
      revision: loaded.revision + 1,
    };
    const next = await indexed(succession, ports);
    try {
      return await tell(
        { token: next, revision: await ports.inventory.save(next, loaded.revision) },
        succession,
        ports,
      );
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'conflict') || tried >= tries) throw error;
      known = undefined;
    }
  }
}

/**
 * The same for what follows from something that was read beside the record, and after it: somebody who was
 * faster makes that old, so it is not applied again. Errors: `conflict` at once; the caller reads both anew.
 */
export function changeAsRead(
  from: Loaded,
  ports: StorePorts,
  apply: (token: Token) => Token,
): Promise<Loaded> {
  return change(from, ports, apply, 1);
}

/** Reads a record. Errors: `not-found`. */
export async function load(tokenId: string, ports: Pick<Ports, 'inventory'>): Promise<Loaded> {
  const loaded = await ports.inventory.load(tokenId);
  if (loaded) return loaded;
  throw new KeyturnError('not-found', `There is no token ${tokenId} in the inventory.`);
}

/** Saves a record that did not exist. When another run was faster, theirs stands. */
export async function create(token: Token, ports: StorePorts): Promise<Loaded> {
  const succession = { before: undefined, after: derived(token, ports), revision: 1 };
  const next = await indexed(succession, ports);
  try {
    return await tell({ token: next, revision: await ports.inventory.save(next, 0) }, succession, ports);
  } catch (error) {
    const existing =
      error instanceof KeyturnError && error.code === 'conflict'
        ? await ports.inventory.load(token.id)
        : undefined;
    if (!existing) throw error;
    return existing;
  }
}

/**
 * Takes out of the index what the saved record needs no more, then tells what it has in its outbox, then
 * empties that. If this fails the facts stay in the record and the sweep tells them; the change itself is
 * done, so it never fails for it.
 */
async function tell(saved: Loaded, succession: Succession, ports: StorePorts): Promise<Loaded> {
  const { token, revision } = saved;
  await clearIndex(succession, ports);
  if (token.outbox.length === 0) return saved;
  try {
    await publishFacts(token.outbox, ports);
    const told = derived({ ...token, outbox: [] }, ports);
    return { token: told, revision: await ports.inventory.save(told, revision) };
  } catch (error) {
    ports.log.warn('facts wait in the outbox', { tokenId: token.id, reason: reasonOf(error) });
    return saved;
  }
}

/** An entry that is left behind costs one read, and leads to a record that says what is so. */
async function clearIndex(succession: Succession, ports: StorePorts): Promise<void> {
  try {
    await unindexed(succession, ports);
  } catch (error) {
    ports.log.warn('entries of the index of credentials are left behind', {
      tokenId: succession.after.id,
      reason: reasonOf(error),
    });
  }
}

/**
 * Puts facts into the history and on the bus; each has an id, so that telling it twice is telling it once.
 */
export async function publishFacts(
  facts: readonly Fact[],
  ports: Pick<Ports, 'inventory' | 'bus'>,
): Promise<void> {
  await ports.inventory.appendHistory(facts);
  await ports.bus.publish(facts);
}
