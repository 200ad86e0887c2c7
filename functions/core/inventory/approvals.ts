/** Until when a person's approval of a token holds. */
import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';
import type { DiscoverySettings } from './discovery-settings.ts';

/** A person has looked at the token and approved it; until when that holds. */
export function approvedUntil(
  token: Token,
  { reviewEvery }: Pick<DiscoverySettings, 'reviewEvery'>,
): Instant {
  const last = token.reviews?.at(-1);
  if (last?.decision !== 'approved') return 0;
  return reviewEvery === undefined ? Infinity : last.at + reviewEvery;
}
