import type { Ports } from '../../core/ports/ports.ts';
import { isReadableHere, recordObjection, type Look } from './holders.ts';
import { holdingObjection } from './holdings.ts';
import type { Case, Refusal } from './target.ts';

/** What the records and secrets of other tokens say against the end of a credential. */
export async function otherObjection(look: Look, one: Case, ports: Ports): Promise<Refusal | undefined> {
  for (const other of look.others) {
    const objection = recordObjection(other, one, ports.now());
    if (objection) return objection;
    const { secret, loaded, permits } = other;
    const held = isReadableHere(secret, ports)
      ? await holdingObjection({ token: loaded.token, secret, permits }, one, ports)
      : undefined;
    if (held) return held;
  }
  return undefined;
}
