/** Reads the inventory once: which tokens hold which credential, and which are due for review. */
import { approvedUntil } from '../../core/inventory/approvals.ts';
import { credentialKeys, handleKeys, type Holdings } from '../../core/inventory/credential-holders.ts';
import type { DiscoverySettings } from '../../core/inventory/discovery-settings.ts';
import { isRetiring } from '../../core/token/retirement.ts';
import type { Token } from '../../core/token/token.ts';
import type { DiscoverPorts } from './discover-ports.ts';

/** Whether a token counts: it is neither detached nor being retired. */
export function isHeld(token: Token): boolean {
  return token.detachedAt === undefined && !isRetiring(token);
}

/** Goes through every record once, and keeps none. */
export async function readHoldings(
  settings: DiscoverySettings,
  ports: DiscoverPorts,
): Promise<{ holdings: Holdings; reviews: ReviewsDue }> {
  const holders = new Map<string, string[]>();
  const handles = new Set<string>();
  let reviews: ReviewsDue = { count: 0, first: undefined };
  for await (const { token } of ports.inventory.all()) {
    for (const key of handleKeys(token)) handles.add(key);
    if (!isHeld(token)) continue;
    reviews = withReviewOf(token, reviews, settings, ports.now());
    for (const key of credentialKeys(token)) {
      const known = holders.get(key);
      if (known) known.push(token.name);
      else holders.set(key, [token.name]);
    }
  }
  return { holdings: { holders, handles }, reviews };
}

/** How many tokens have no approval within the time that the settings give, and the name of the first. */
export interface ReviewsDue {
  readonly count: number;
  readonly first: string | undefined;
}

function withReviewOf(
  token: Token,
  { count, first }: ReviewsDue,
  settings: DiscoverySettings,
  now: number,
): ReviewsDue {
  const { reviewEvery } = settings;
  if (
    reviewEvery === undefined ||
    approvedUntil(token, settings) > now ||
    now - token.enrolledAt < reviewEvery
  )
    return { count, first };
  return { count: count + 1, first: first === undefined || token.name < first ? token.name : first };
}
