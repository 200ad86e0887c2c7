import type { ListedCredential } from '../issuer/provider.ts';
import type { Mint } from '../token/attempt.ts';
import { isUnderWay } from '../token/lookups.ts';
import { liveCredentials } from '../token/known-credentials.ts';
import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';
import { taking, type EndFacts } from '../validity/expiry.ts';

/**
 * Slots with names are used in turn: a credential is created in the one that holds nothing. Their names are
 * the start of the handles of what they hold.
 */

/** Whether a handle is of something in this slot. */
export function isIn(slot: string, handle: string | undefined): boolean {
  return handle?.startsWith(`${slot}@`) === true;
}

/** What is known when a credential is about to be created. */
export interface SlotsSeen {
  /** The attempt that creates it. */
  readonly attemptId: string;
  readonly facts: EndFacts;
  /** What the issuer lists in these slots, in whichever state. */
  readonly listed: readonly ListedCredential[];
  /** Handles of active credentials whose record does not name them yet. */
  readonly named: readonly string[];
  readonly now: Instant;
}

/** The slot that the next credential is for, or why there is none, in a sentence. */
export type Choice = { readonly slot: string } | { readonly none: string };

/**
 * Chooses the slot that holds nothing: nothing that the record knows as active, in whichever state, and
 * nothing that the issuer lists there. What it lists and the record does not know as active is somebody
 * else's, and stays.
 */
export function chooseSlot(token: Token, slots: readonly string[], seen: SlotsSeen): Choice {
  const own = new Set(
    slots.filter((slot) => isTakenIn(token, slot, seen) || isLeftIn(token, slot, seen.attemptId)),
  );
  const foreign = slots.filter((slot) => !own.has(slot) && seen.listed.some((one) => isIn(slot, one.handle)));
  const free = slots.find((slot) => !own.has(slot) && !foreign.includes(slot));
  if (free !== undefined) return { slot: free };
  const [first] = foreign;
  return {
    none:
      first === undefined
        ? `Each of ${slots.join(' and ')} holds an active credential of ${token.name}: the next one is ` +
          'created when an old one is revoked.'
        : `${first} is there already, and Keyturn did not make what it holds, so it is left as it is. ` +
          'Remove it at the issuer if nothing uses it, or name another one in the grant.',
  };
}

function isTakenIn(token: Token, slot: string, { facts, named, now }: SlotsSeen): boolean {
  const handles = taking(token, facts, now).map(({ handle }) => handle);
  return [...handles, ...named].some((handle) => isIn(slot, handle));
}

/** Attempts that are not over, or that may have left something. */
function openMints(token: Token): (Mint & { readonly attemptId: string })[] {
  return token.attempts
    .filter((attempt) => isUnderWay(attempt) || attempt.tidy !== true)
    .flatMap(({ id, mints }) => mints.map((mint) => ({ ...mint, attemptId: id })));
}

/** An earlier attempt may have left something in the slot: what it did not send is not there. */
function isLeftIn(token: Token, slot: string, attemptId: string): boolean {
  return openMints(token).some(
    (mint) => mint.slot === slot && mint.attemptId !== attemptId && mint.unsent !== true,
  );
}

/**
 * Whether another token needs a slot: an attempt of it may fill it, or a credential in it is active as far as
 * its record knows. A secret that is gone needs nothing.
 */
export function needsSlot(other: Token, slot: string): boolean {
  if (other.deletion?.gone === true) return false;
  return (
    openMints(other).some((mint) => mint.slot === slot) ||
    liveCredentials(other).some((one) => isIn(slot, one.handle))
  );
}
