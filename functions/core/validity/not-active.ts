import { acceptedWithin } from '../issuer/issuer-facts.ts';
import { likeness } from '../issuer/likeness.ts';
import type { ListedCredential, Probe, Reach } from '../issuer/provider.ts';
import { sameReach } from '../issuer/reach.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import type { Credential } from '../token/credential.ts';
import { formatInstant, type Instant, type Millis } from '../basics/time.ts';
import { lagOf } from './inactivity-proof.ts';

/** How full lists show a credential that they do not show as active, since when, and when last. */
export type NotActive = NonNullable<Credential['notActive']>;

/** What one look saw of the current credential. */
interface Seen {
  readonly now: Instant;
  readonly probe: Probe | undefined;
  /** The full list; undefined where there is none, or it could not be read. */
  readonly listed: readonly ListedCredential[] | undefined;
  /** Where it was read. */
  readonly reach: Reach;
}

/**
 * How the list shows the current credential, if not as active, while its value tells nothing. It is no proof
 * that the credential is inactive. Undefined once the issuer accepts or refuses the value, or lists it again.
 */
export function notActiveIn(one: Credential, { now, probe, listed, reach }: Seen): NotActive | undefined {
  if (probe?.outcome === 'active' || probe?.outcome === 'inactive') return undefined;
  const isItsList = one.handle !== undefined && one.reach !== undefined && sameReach(one.reach, reach);
  if (!isItsList || listed === undefined) return one.notActive;
  const { handle, createdAt } = one;
  const entry = listed.find((other) => likeness({ handle, createdAt }, other) === 'same');
  const as = entry?.state ?? 'absent';
  const isOurDoing = as === 'disabled' && one.disabledAt !== undefined;
  if (as === 'active' || isOurDoing) return undefined;
  return { as, since: one.notActive?.since ?? now, last: now };
}

const SHOWN = {
  absent: 'have left it out',
  disabled: 'have shown it as disabled',
  revoked: 'have shown it as revoked',
  expired: 'have shown it as expired',
} as const satisfies Record<NotActive['as'], string>;

/**
 * What full lists say against the current credential, in a sentence; undefined where that may be a list which
 * is behind: it leaves out what it does not show yet.
 */
export function saysNotActive(
  one: Credential | undefined,
  facts: Pick<ProviderDescriptor, 'lags'> | undefined,
): string | undefined {
  const seen = one?.notActive;
  if (seen === undefined) return undefined;
  const isBehind = seen.as === 'absent' && seen.last - seen.since < longestBehind(facts);
  return isBehind
    ? undefined
    : `Its issuer's lists ${SHOWN[seen.as]} since ${formatInstant(seen.since)}: it may be gone.`;
}

function longestBehind(facts: Pick<ProviderDescriptor, 'lags'> | undefined): Millis {
  return Math.max(lagOf(facts), acceptedWithin(facts) + (facts?.lags.listed ?? 0));
}
