import { clockIn, furthestOff, type SeenClock } from '../core/issuer/issuer-clock.ts';
import type { ProviderTools } from '../core/issuer/provider.ts';
import type { Instant } from '../core/basics/time.ts';

/** More answers than one run gets from its issuer; older ones give way. */
const MOST_SEEN = 100;

/** The clocks of issuers, as their own answers tell them. */
export class IssuerClocks {
  readonly tools: ProviderTools;
  #seen: readonly SeenClock[] = [];

  constructor(tools: ProviderTools) {
    this.tools = { ...tools, fetch: (request) => this.#ask(request, tools) };
  }

  /** What the answers of a host since then tell; where they differ, the one that was furthest off. */
  clockOf(host: string, since: Instant): SeenClock | undefined {
    const seen = this.#seen.filter((one) => one.host === host && one.seenAt >= since);
    return seen.toSorted((a, b) => furthestOff(b) - furthestOff(a))[0];
  }

  async #ask(request: Request, { fetch, now }: ProviderTools): Promise<Response> {
    const sentAt = now();
    const response = await fetch(request);
    const seen = clockIn(response, { host: new URL(request.url).host, sentAt, answeredAt: now() });
    if (seen) this.#seen = [...this.#seen, seen].slice(-MOST_SEEN);
    return response;
  }
}
