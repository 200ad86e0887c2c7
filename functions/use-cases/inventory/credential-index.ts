import type { Ports } from '../../core/ports/ports.ts';
import { DAY } from '../../core/basics/time.ts';
import { knownFingerprints, knownHandles } from '../../core/token/known-credentials.ts';
import type { Token } from '../../core/token/token.ts';

/**
 * What leads to a record. A change of it makes every record, and every pass of reconcile, one that was made
 * under another index.
 */
export const INDEX_VERSION = 2;

/**
 * Leads, in place of a fingerprint, to every record whose secret cannot be managed as it is: nothing tells by
 * which fingerprints its text would be known.
 */
export const NOT_UNDERSTOOD = 'not-understood';

function tracesOf(token: Token): Set<string> {
  return token.unusable === undefined
    ? knownFingerprints(token)
    : knownFingerprints(token).add(NOT_UNDERSTOOD);
}

/** So long a leak of a credential that its record has dropped is still matched to its token, as ended. */
const KEPT_FOR = 400 * DAY;

type IndexPorts = Pick<Ports, 'inventory' | 'now'>;

/** A record as it was read, with the revision under which the next one is saved. */
export interface Succession {
  readonly before: Token | undefined;
  readonly after: Token;
  readonly revision: number;
}

/**
 * Makes every handle and fingerprint of a record lead to it, before the record itself is saved: an entry may
 * name a record that does not need it, and never the other way about. A record of another index is taken into
 * this one as a whole when it is inspected. Resolves to the record to save.
 */
export async function indexed({ before, after, revision }: Succession, ports: IndexPorts): Promise<Token> {
  const isWhole =
    before === undefined || (before.indexed !== INDEX_VERSION && before.readAt !== after.readAt);
  const known = isWhole ? undefined : before;
  const handles = known?.provider === after.provider ? knownHandles(known) : new Set<string>();
  const traces = known ? tracesOf(known) : new Set<string>();
  for (const handle of knownHandles(after))
    if (!handles.has(handle))
      await ports.inventory.hold(after.provider, handle, { tokenId: after.id, revision });
  for (const trace of tracesOf(after)) if (!traces.has(trace)) await ports.inventory.trace(trace, after.id);
  return isWhole ? { ...after, indexed: INDEX_VERSION } : after;
}

/**
 * Takes out what led to the record as it was, once it is saved without it. Left behind by a crash, an entry
 * costs one read.
 */
export async function unindexed({ before, after, revision }: Succession, ports: IndexPorts): Promise<void> {
  if (!before) return;
  const handles = before.provider === after.provider ? knownHandles(after) : new Set<string>();
  const traces = tracesOf(after);
  for (const handle of knownHandles(before))
    if (!handles.has(handle))
      await ports.inventory.unhold(before.provider, handle, { tokenId: after.id, revision });
  for (const trace of tracesOf(before))
    if (!traces.has(trace))
      await ports.inventory.trace(trace, after.id, ports.now() + (trace === NOT_UNDERSTOOD ? 0 : KEPT_FOR));
}
