import { KeyturnError } from '../core/basics/errors.ts';
import type { ProviderTools } from '../core/issuer/provider.ts';
import { MINUTE, type Instant, type Millis } from '../core/basics/time.ts';
import { hostObjection } from '../providers/hosts.ts';

/** A confirmation is not looked up again for so long. */
const KNOWN_FOR: Millis = 5 * MINUTE;

export interface Trust {
  readonly issuer: { readonly id: string; readonly hosts?: readonly string[]; readonly own?: true };
  /** The operator's list; may be empty. */
  readonly allowed: readonly string[];
  /** Hosts that operators have confirmed for this issuer, read where only they would do. */
  readonly confirmed: () => Promise<readonly string[]>;
  readonly now: () => Instant;
}

/** Resolves where something may be sent to a host, port included. Error: `host-unconfirmed`. */
export type HostGuard = (host: string) => Promise<void>;

/** Refuses a host for which only an admin secret speaks. */
export function hostGuard(trust: Trust): HostGuard {
  let known: { readonly hosts: readonly string[]; readonly until: Instant } = { hosts: [], until: 0 };
  const objectionTo = (host: string, confirmed: readonly string[]): string | undefined =>
    hostObjection(host, trust.issuer, trust.allowed, confirmed);
  return async (host) => {
    const remembered = known.until > trust.now() ? known.hosts : [];
    if (objectionTo(host, remembered) === undefined) return;
    known = { hosts: await trust.confirmed(), until: trust.now() + KNOWN_FOR };
    const objection = objectionTo(host, known.hosts);
    if (objection !== undefined) throw new KeyturnError('host-unconfirmed', objection);
  };
}

/**
 * A fetch that sends nothing, no value and no admin credential, to a host that the guard refuses. Every
 * request of a provider goes through it.
 */
export function trustedFetch(guard: HostGuard, send: ProviderTools['fetch'] = fetch): ProviderTools['fetch'] {
  return async (request) => {
    await guard(new URL(request.url).host);
    return send(request);
  };
}
