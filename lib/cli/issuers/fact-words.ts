// The facts of an issuer in words, for its page and for `keyturn issuer show`.
import {
  areInTurn,
  creationEnds,
  roomOf,
  type Check,
  type Filler,
  type Found,
  type SlotHolder,
  type Slots,
  type ValueMaker,
} from '../../../functions/core/issuer/issuer-facts.ts';
import { MOST_LIVE } from '../../../functions/core/rotation/slots.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { formatDuration, type Millis } from '../../../functions/core/basics/time.ts';

const EITHER = new Intl.ListFormat('en', { type: 'disjunction' });
const ALL = new Intl.ListFormat('en', { type: 'conjunction' });
const NUMBER = new Intl.NumberFormat('en-US');

/** What is said of a fact that no source tells. */
export const NOT_DOCUMENTED = 'not documented';

const HOLDERS = {
  account: 'an account',
  application: 'an application',
  grant: 'a grant',
  group: 'a group',
  instance: 'the whole instance',
  integration: 'an integration',
  orchestration: 'an event orchestration',
  organization: 'an organization',
  project: 'a project',
  repository: 'a repository',
  runner: 'a runner',
  'service-account': 'a service account',
  team: 'a team',
  user: 'a user',
} as const satisfies Record<SlotHolder, string>;

const FILLERS = {
  expired: 'expired ones',
  disabled: 'disabled ones',
} as const satisfies Record<Filler, string>;

/** How a credential is found whose creation was never answered. */
export const FOUND = {
  name: 'by the name Keyturn gave it',
  value: 'Keyturn chose the value and stored it first',
  exclusive: 'the account belongs to this token alone',
  reissue: 'it is made again, which ends the lost one',
  never: 'never',
} as const satisfies Record<Found, string>;

/** Who makes the value of a credential. */
export const VALUE_MAKERS = {
  issuer: 'the issuer',
  keyturn: 'Keyturn',
  person: 'a person',
} as const satisfies Record<ValueMaker, string>;

/** What asking about a value does to it. */
export const CHECKS = {
  free: 'the issuer tells nothing of it',
  'accepted-only': 'the issuer tells nothing of it, and only an acceptance counts',
  'counts-as-use': 'the issuer may tell it as a use',
  spends: 'it spends the value, or one of its uses',
  none: 'a value cannot be checked',
} as const satisfies Record<Check, string>;

/** What ends a leaked credential first. */
export const LEAKED = {
  disabled: 'is disabled first, which can be undone, and revoked later',
  revoked: 'is revoked at once',
  replaced: 'is replaced at once, which ends it',
  asked: 'is revoked by a person, who is asked at once',
} as const;

/** How many credentials there may be, and of what: `2 for an application`. */
export function slotsText(slots: Slots): string {
  return `${countOf(slots)} for ${EITHER.format(slots.of.map((one) => HOLDERS[one]))}`;
}

function countOf(slots: Slots): string {
  if ('names' in slots) return `${slots.names.length} (${slots.names.join(', ')})`;
  switch (slots.count) {
    case 'many':
      return 'many';
    case 'unknown':
      return 'a limited number';
    default:
      return NUMBER.format(slots.count);
  }
}

/** What else than active credentials the issuer counts. */
export function fillersText(slots: Slots): string {
  if ('count' in slots && slots.count === 'many') return 'it names no limit';
  if (slots.filledBy === undefined) return NOT_DOCUMENTED;
  return slots.filledBy.length === 0 ? 'nothing' : ALL.format(slots.filledBy.map((one) => FILLERS[one]));
}

/**
 * AWS's words: Secrets Manager User Guide, "Lambda function rotation strategies", which says of this one that
 * an application may be refused until it reads the secret again.
 */
const ONE_SLOT =
  'There is one slot: creating a value ends the current one at once. AWS calls this strategy **single ' +
  'user**. Consumers fail from the creation until they have read the new value. Keyturn moves `AWSCURRENT` ' +
  'to it as soon as the issuer accepts it, and begins to deliver it then. The history says how long that ' +
  'took. A token is rotated only with the tag `keyturn:overlap=none`, unless its value leaked. Once the ' +
  'creation was sent there is no way back: no grace period, no rollback. Keyturn creates nothing while ' +
  'another secret holds the value that would end, or while the slot holds a value that it does not know.';

/** What the slots mean for whoever uses the credentials, in sentences. */
export function meaningOf(slots: Slots): string {
  if (creationEnds({ slots })) return ONE_SLOT;
  const room = roomOf(slots);
  if (room < 2) return 'There is room for one credential: a new one ends the old one.';
  const waits =
    room < MOST_LIVE
      ? `There is room for ${room}, so the next rotation waits until the old one is revoked.`
      : `Keyturn keeps ${MOST_LIVE} credentials of a token active at most.`;
  const inTurn = areInTurn(slots) ? `${IN_TURN} ` : '';
  return (
    `${inTurn}Old and new credential work side by side, so consumers have the grace period to move. ` + waits
  );
}

/** `Alternating users`: AWS Secrets Manager User Guide, "Lambda function rotation strategies". */
const IN_TURN =
  'The slots have names and are used in turn, as in the strategy that AWS calls alternating users. ' +
  'Each rotation creates the new credential in the slot that holds nothing. ' +
  'So consumers get another name with each new value: they have to read both from the secret.';

/** A lag of an issuer; where no source tells it, how long Keyturn allows for. */
export function lagText(lag: Millis | undefined, allowed: Millis | undefined): string {
  if (lag !== undefined) return lag === 0 ? 'at once' : `within ${formatDuration(lag)}`;
  return allowed === undefined
    ? NOT_DOCUMENTED
    : `${NOT_DOCUMENTED}; Keyturn allows for ${formatDuration(allowed)}`;
}

/** Whether, and how exactly, the issuer tells when a credential was last used. */
export function lastUseText({ lastUsedEvery }: Pick<ProviderDescriptor, 'lastUsedEvery'>): string {
  if (lastUsedEvery === undefined) return 'no';
  return lastUsedEvery === 0 ? 'at once' : `to ${formatDuration(lastUsedEvery)}`;
}

/** Whether a new credential gets an expiry, how fine and how far away. */
export function expiryText({ expiry, value }: Pick<ProviderDescriptor, 'expiry' | 'value'>): string {
  if (value === 'person') return 'chosen by the person who creates it, where the issuer offers one';
  if (!expiry.settable) return 'none';
  const most = expiry.maxDays === undefined ? '' : `, at most ${expiry.maxDays} days`;
  return `set by Keyturn, to the ${expiry.step}${most}`;
}
