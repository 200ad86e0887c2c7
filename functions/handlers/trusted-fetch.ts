import { KeyturnError } from '../core/errors.ts';
import type { ProviderTools } from '../core/provider.ts';
import { MINUTE, type Instant, type Millis } from '../core/time.ts';
import { hostObjection } from '../providers/hosts.ts';

/** A confirmation is not looked up again for so long. */
const KNOWN_FOR: Millis = 5 * MINUTE;

export interface Trust {
  readonly issuer: { readonly id: string; readonly hosts?: readonly string[] };
  /** The operator's list; may be empty. */
  readonly allowed: readonly string[];
  /** Hosts that operators have confirmed for this issuer, read where only they would do. */
  readonly confirmed: () => Promise<readonly string[]>;
  readonly now: () => Instant;
}

/**
 * A fetch that sends nothing, no value and no admin credential, to a host for which only an admin secret speaks. Every request of a provider goes through it.
 * Error: `host-unconfirmed`.
 */
export function trustedFetch(trust: Trust, send: ProviderTools['fetch'] = fetch): ProviderTools['fetch'] {
  let known: { readonly hosts: readonly string[]; readonly until: Instant } = { hosts: [], until: 0 };
  const objectionTo = (host: string, confirmed: readonly string[]): string | undefined => hostObjection(host, trust.issuer, trust.allowed, confirmed);
  return async (request) => {
    const { host } = new URL(request.url);
    const remembered = known.until > trust.now() ? known.hosts : [];
    if (objectionTo(host, remembered) !== undefined) {
      known = { hosts: await trust.confirmed(), until: trust.now() + KNOWN_FOR };
      const objection = objectionTo(host, known.hosts);
      if (objection !== undefined) throw new KeyturnError('host-unconfirmed', objection);
    }
    return send(request);
  };
}
