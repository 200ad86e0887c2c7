import { MINUTE, type Millis } from '../basics/time.ts';

/** What the slots of an issuer belong to. */
export type SlotHolder =
  | 'account'
  | 'application'
  | 'grant'
  | 'group'
  | 'instance'
  | 'integration'
  | 'orchestration'
  | 'organization'
  | 'project'
  | 'repository'
  | 'runner'
  | 'service-account'
  | 'team'
  | 'user';

/** What is no longer active and takes a slot all the same. */
export type Filler = 'expired' | 'disabled';

/**
 * The places for credentials at an issuer: so many that are all alike, or each with a name of its own. What
 * is disabled is always counted, since it may be enabled again.
 */
export type Slots = {
  /** What they belong to, or one of several such. */
  readonly of: readonly [SlotHolder, ...SlotHolder[]];
  /** What else the issuer counts. Left out where it is not documented. */
  readonly filledBy?: readonly Filler[];
} & (
  | {
      /** `many`: the issuer names no limit. `unknown`: there is a limit, and its number stands nowhere. */
      readonly count: number | 'many' | 'unknown';
    }
  /** Those of a `grant` are named by it, in this order. */
  | { readonly names: readonly string[] }
);

/** Who makes the value of a new credential. */
export type ValueMaker = 'issuer' | 'keyturn' | 'person';

/**
 * How a credential is found again whose creation was never answered: by the name that Keyturn gave it; by the
 * value, which Keyturn chose and stored first; as what is new in an account that is this token's alone; by
 * making it once more, which ends the lost one; or never.
 */
export type Found = 'name' | 'value' | 'exclusive' | 'reissue' | 'never';

/**
 * What it does to a credential when its issuer is asked about its value. `free`: nothing that the issuer
 * tells of it. `accepted-only`: the same, and only an acceptance says something, since a refusal may have
 * another reason in the same words. `counts-as-use`: the issuer may tell it as a use. `spends`: the value, or
 * one of its uses, is gone. `none`: there is no such question.
 */
export type Check = 'free' | 'accepted-only' | 'counts-as-use' | 'spends' | 'none';

/**
 * The longest times that the issuer's documentation or code names: until a new credential is `accepted`
 * everywhere, until it is `listed`, and until a revoked one is `refused` everywhere. Left out where they are
 * not documented.
 */
export type Lags = { readonly listed?: Millis } & (
  | { readonly accepted: Millis; readonly refused: Millis }
  | {
      readonly accepted?: Millis;
      readonly refused?: Millis;
      /** What Keyturn allows for where a lag is not documented: cautious, and no fact of the issuer. */
      readonly allowed: Millis;
    }
);

/** So many slots are counted on where an issuer has a limit and does not name it. */
const CAUTIOUS = 5;

/** Whether slots have names that are used in turn: each new credential then comes with another name. */
export function areInTurn(slots: Slots): boolean {
  return 'names' in slots && slots.names.length > 1;
}

/**
 * Whether creating a credential ends the one before it: an account with one slot that has a name keeps one
 * value, which the next one takes the place of.
 */
export function creationEnds(issuer: { readonly slots?: Slots | undefined } | undefined): boolean {
  const slots = issuer?.slots;
  return slots !== undefined && 'names' in slots && slots.names.length === 1;
}

/** How many credentials may be counted on to have room. */
export function roomOf(slots: Slots): number {
  if ('names' in slots) return slots.names.length;
  switch (slots.count) {
    case 'many':
      return Infinity;
    case 'unknown':
      return CAUTIOUS;
    default:
      return slots.count;
  }
}

/** Whether a credential that expired still takes a slot. */
export function isFilledByExpired(slots: Slots | undefined): boolean {
  return slots?.filledBy?.includes('expired') === true;
}

/** How long a new credential may be refused; 0 for an issuer that is not known. */
export function acceptedWithin(issuer: { readonly lags: Lags } | undefined): Millis {
  return issuer === undefined ? 0 : allowedFor('accepted', issuer.lags);
}

/** Propagation takes at most what the issuer documents, and this on top. */
const MARGIN: Millis = MINUTE;

/** After this, a new credential that is refused is not one that is still on its way. */
export function surelyAcceptedWithin(issuer: { readonly lags: Lags } | undefined): Millis {
  return acceptedWithin(issuer) + MARGIN;
}

/** How long a revoked credential may be accepted; 0 for an issuer that is not known. */
export function refusedWithin(issuer: { readonly lags: Lags } | undefined): Millis {
  return issuer === undefined ? 0 : allowedFor('refused', issuer.lags);
}

function allowedFor(lag: 'accepted' | 'refused', lags: Lags): Millis {
  return 'allowed' in lags ? (lags[lag] ?? lags.allowed) : lags[lag];
}
