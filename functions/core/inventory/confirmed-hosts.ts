import { INSTALLATION_RECORD_ID } from './installation.ts';
import { permitting, type Permits } from '../revocation/permits.ts';
import type { Instant } from '../basics/time.ts';

/** Whose permits say which hosts operators have confirmed: the installation's own. */
export const HOSTS_OF = INSTALLATION_RECORD_ID;

/** A host and the provider whose values may be sent there. */
export interface IssuerHost {
  readonly provider: string;
  readonly host: string;
}

/** Notes that an operator vouches for a host; one that is confirmed already stays as it is. */
export function confirming(
  permits: Permits,
  { provider, host }: IssuerHost,
  seen: { readonly by: string; readonly at: Instant },
): Permits {
  return permitting(permits, { kind: 'host', about: `${provider}/${host}`, ...seen });
}

/** The hosts that were confirmed for a provider. */
export function confirmedHosts({ permits }: Permits, provider: string): string[] {
  const start = `${provider}/`;
  return permits.flatMap(({ kind, about }) =>
    kind === 'host' && about.startsWith(start) ? [about.slice(start.length)] : [],
  );
}
