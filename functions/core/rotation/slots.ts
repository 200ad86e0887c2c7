import { taking, type EndFacts } from '../validity/expiry.ts';
import { creationEnds, roomOf } from '../issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import { adminSecretOf } from '../basics/names.ts';
import { isKept } from '../token/kept-versions.ts';
import { isMadeElsewhere } from '../issuer/reach.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';

/**
 * Never more active credentials of one token than this, whatever the issuer allows: kept ones must not pile
 * up.
 */
export const MOST_LIVE = 3;

/** What decides how many more may be made, and who makes them. */
export type SlotFacts = Pick<ProviderDescriptor, 'slots'> &
  Partial<Pick<ProviderDescriptor, 'value'>> &
  EndFacts;

/**
 * How many more credentials may be created now: of ours in all, and at the issuer's account that the grant
 * names now (`token.reach`), in which those of former accounts take no slot. What has expired takes no slot,
 * unless its issuer counts it. A new admin credential makes one more, on trial.
 */
export function slotsLeft(token: Token, facts: SlotFacts, now: Instant): number {
  // The next one takes the place of the last one.
  if (creationEnds(facts)) return 1;
  const there = taking(token, facts, now).filter(
    (one) =>
      !isMadeElsewhere(one, token.reach) && !isNamedElsewhere(one, token.reach) && !isPlacedNowhere(one),
  );
  return (
    Math.min(roomOf(facts.slots) - there.length, MOST_LIVE - ownCredentials(token, facts, now).length) -
    (adminSecretOf(token.name) === undefined ? 0 : 1)
  );
}

/** No issuer ever named it, and the fields beside its value name another account than the grant does. */
function isNamedElsewhere({ handle, reach, beside }: Credential, here: Token['reach']): boolean {
  if (handle !== undefined || reach !== undefined || beside === undefined) return false;
  return here?.clientId !== undefined && !Object.values(beside).includes(here.clientId);
}

/**
 * The account refuses it and knows it by no name, or a person staged something that no one understands:
 * whatever it is, it takes no slot there.
 */
function isPlacedNowhere(one: Credential): boolean {
  if (isKept(one) && one.fingerprint === undefined && one.handle === undefined) return true;
  return one.reach === undefined && one.handle === undefined && one.refused !== undefined;
}

/**
 * What counts against Keyturn's own limit: what a label keeps is active because a person wants it, and holds
 * up no rotation. It fills a slot of the issuer all the same.
 */
export function ownCredentials(token: Token, facts: EndFacts | undefined, now: Instant): Credential[] {
  return taking(token, facts, now).filter((one) => !isKept(one));
}

/**
 * Why no further credential may be created, in a sentence without its end: whose limit it is says what helps.
 */
export function limitText(facts: Pick<ProviderDescriptor, 'slots'>): string {
  const room = roomOf(facts.slots);
  if (room < MOST_LIVE)
    return `its issuer keeps ${room} credentials of it at most, and an old one is still active`;
  return (
    `Keyturn keeps at most ${MOST_LIVE} credentials of a token active at once, and this token has that ` +
    'many: an old one has to be revoked first'
  );
}
