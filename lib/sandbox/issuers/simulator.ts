import type { Instant } from '../../../functions/core/basics/time.ts';

/** One credential as the issuer itself knows it: the truth that invariants are judged by. */
export interface IssuedCredential {
  /** The same handle that the provider's `list` gives. */
  readonly handle: string;
  readonly value: string;
  readonly name: string | undefined;
  readonly createdAt: Instant;
  /** Not revoked, not expired: what the issuer's own database says, whatever has propagated yet. */
  readonly live: boolean;
  /** Rejected, and still there: it can be enabled again. */
  readonly disabled?: boolean;
}

/** One use of a credential by a consumer or a probe, as the issuer logged it. */
export interface IssuerLogEntry {
  readonly at: Instant;
  readonly operation: string;
  readonly status: number;
  /** Which credential was used, when the issuer knew it. */
  readonly handle: string | undefined;
  /** The User-Agent header, by which consumers are told apart from Keyturn. */
  readonly agent: string;
}

/** An issuer that runs on this machine: a simulator, or a real server behind the same face. */
export interface Issuer {
  readonly provider: string;
  /** The host name under which its admin secret names it, such as `gitlab.keyturn.test`. */
  readonly host: string;
  /** Where else it answers. */
  readonly otherHosts?: readonly string[];
  /** The admin secret's JSON for this issuer, granting each of the named secrets a resource of its own. */
  adminSecret(secretNames: readonly string[]): string;
  /** Answers a request as the issuer would. */
  fetch(request: Request): Promise<Response>;
  /**
   * What a consumer sends to use the credential for its purpose; the secret's whole JSON or plain text is
   * given.
   */
  consume(secretText: string, agent: string): Request;
  /** Every credential that one secret's grant can name, inactive ones included. */
  credentials(secretName: string): Promise<readonly IssuedCredential[]>;
  log(): readonly IssuerLogEntry[];
  /** A person makes a credential at the issuer by hand; resolves to the text to store in the secret. */
  createByHand(secretName: string): Promise<string>;
  /** A person revokes a credential at the issuer by hand. */
  revokeByHand(handle: string): Promise<void>;
  close(): Promise<void>;
}

/** Delays that a simulator adds; all in milliseconds, 0 by default. */
export interface IssuerDelays {
  /** How long a new credential is refused at first. */
  readonly propagation?: number;
  /** How long a revoked credential is still accepted. */
  readonly revokeLag?: number;
}
