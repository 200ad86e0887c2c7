import type { Secret } from '../basics/secret.ts';
import type { Instant } from '../basics/time.ts';
import type { SeenClock } from '../issuer/issuer-clock.ts';
import type { Probe, Provider, Reach, Session } from '../issuer/provider.ts';
import type { AdminLabel } from './secret-store.ts';

/** Opens issuers: reads the admin secret named for the token and binds the provider to its grant. */
export interface Issuers {
  provider(id: string): Provider;
  /** `admin` is the text of an admin secret that is not current yet. */
  open(
    token: { provider: string; name: string; admin?: string | undefined },
    admin?: Secret,
  ): Promise<Session>;
  /**
   * The session for the place where a credential was made; undefined where the token's grant names it neither
   * as its own nor as a former one: then Keyturn may not ask there.
   */
  openAt(
    token: { provider: string; name: string; admin?: string | undefined },
    reach: Reach,
    admin?: Secret,
  ): Promise<Session | undefined>;
  /**
   * The session for the place whose values stand beside these companions; undefined where the token's grant
   * names none such.
   */
  openBeside(
    token: { provider: string; name: string; admin?: string | undefined },
    beside: Readonly<Record<string, string>>,
  ): Promise<Session | undefined>;
  /** Whether an issuer accepts the admin credential in a secret, by its name. Errors: those of reading it. */
  examine(provider: string, adminName: string, label?: AdminLabel): Promise<Probe>;
  /** The credentials in an admin secret, by its name. Errors: those of reading it. */
  adminValues(provider: string, adminName: string, label: AdminLabel): Promise<readonly Secret[]>;
  /**
   * Resolves where something may be sent to a host, port included. Calls no issuer. Error:
   * `host-unconfirmed`.
   */
  requireTrusted(host: string): Promise<void>;
  /**
   * How the clock of a host stood against ours by its answers since then, the one that was furthest off;
   * undefined where none told a date.
   */
  clockOf(host: string, since: Instant): SeenClock | undefined;
}
