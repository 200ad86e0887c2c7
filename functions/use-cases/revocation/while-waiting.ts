import { withCredential } from '../../core/token/transitions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Instant } from '../../core/basics/time.ts';
import type { Credential } from '../../core/token/credential.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { sessionOf } from '../evidence/place.ts';
import { entryOf, listingOf, type Listing } from '../evidence/sightings.ts';
import { endIfInactive, secondLookAt } from './verify-revoked.ts';

/**
 * Nothing ends a credential that waits for copies, for people or for a way forward; whether another hand
 * ended it is looked at all the same, until `until` at the latest. A question is a use, so its value is asked
 * about only where its list does not show it as active. Resolves to the record, with the time of the next
 * look.
 */
export async function whileWaiting(
  work: Work,
  one: Credential,
  until: Instant,
  ports: Ports,
): Promise<{ readonly record: Loaded; readonly isInactive: boolean }> {
  const session = await sessionOf(work, one, ports);
  const listing = session && (await listingOf(session, ports.now()));
  if (listing && isShownActive(one, listing))
    return { record: await lookAgain(work, one, until, ports), isInactive: false };
  const { record, isInactive, looked } = await endIfInactive({ ...work, listing }, one, session, ports);
  if (isInactive) return { record, isInactive };
  const second = secondLookAt(looked, one, ports, work.registration.provider) ?? until;
  return { record: await lookAgain({ ...work, record }, one, Math.min(until, second), ports), isInactive };
}

function lookAgain(work: Work, { id }: Credential, at: Instant, ports: Ports): Promise<Loaded> {
  return change(work.record, ports, (token) => withCredential(token, id, (one) => ({ ...one, lookAt: at })));
}

function isShownActive(one: Credential, listing: Listing): boolean {
  const entry = entryOf(one, listing);
  return entry !== undefined && entry !== 'absent' && entry.active;
}
