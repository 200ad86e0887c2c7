import type { Secret } from '../basics/secret.ts';
import type { Instant } from '../basics/time.ts';

/**
 * What an issuer's list says of a credential. `revoked` and `expired` are for ever. `disabled` is not: it can
 * be made active again, so it is not inactive for good, and its value has to be treated as one that may work
 * tomorrow.
 */
export type CredentialState = 'active' | 'disabled' | 'expired' | 'revoked';

/** A credential as its issuer's list shows it. Never holds the value. */
export interface ListedCredential {
  /**
   * Unique among all credentials of the provider, host and resource included; not secret. An issuer may give
   * an id out again: (handle, createdAt) is the identity.
   */
  readonly handle: string;
  /**
   * The name we gave: our marker, word for word. A provider whose issuer prefixes or shortens names gives
   * back the form that was asked for.
   */
  readonly name?: string;
  readonly state: CredentialState;
  /** Whether `state` is `active`. */
  readonly active: boolean;
  /** When the issuer made it, by its own clock; where it tells. */
  readonly createdAt?: Instant;
  readonly expiresAt?: Instant;
  readonly lastUsedAt?: Instant;
  /** In the words of the grant, as in {@link Minted} and {@link Probe}. */
  readonly scopes?: readonly string[];
  /**
   * Networks outside of which the issuer rejects it although it is active: there a refusal says nothing. Left
   * out where it is taken from anywhere.
   */
  readonly onlyFrom?: readonly string[];
}

/**
 * What an issuer made. From here on it is active: the caller records the handle first and judges afterwards.
 */
export interface Minted {
  readonly handle: string;
  /** Where the answer held no value, a text that no issuer makes; `differs` then says so. */
  readonly value: Secret;
  /**
   * What the issuer made otherwise than asked, in words that end a sentence, such as `another name`. Such a
   * credential is recorded, then given up.
   */
  readonly differs?: string;
  /** When the issuer made it, by its own clock; where it tells. */
  readonly createdAt?: Instant;
  /** Companions that consumers need beside the credential, written into the secret's JSON; not secret. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly expiresAt?: Instant;
  readonly scopes?: readonly string[];
}

/** What an issuer made that keeps one value: it has no other name than its value. */
export type Replaced = Pick<Minted, 'value' | 'fields' | 'expiresAt'>;

/**
 * `active` and `inactive` are what the issuer itself said of this value, in an answer that the provider lists
 * with its source. `unknown` is everything else, a gateway's answer included; never a reason to act. `reason`
 * holds nothing of the answer's content.
 */
export type Probe =
  | { readonly outcome: 'active'; readonly scopes?: readonly string[]; readonly expiresAt?: Instant }
  | { readonly outcome: 'inactive' }
  | { readonly outcome: 'unknown'; readonly reason: string };

/**
 * Where a session's probes, lists and revokes go. Plain data without a secret: it is recorded with each
 * credential that is made there.
 */
export interface Reach {
  /** Host and, where it is not the usual one, port. */
  readonly host: string;
  /** Where the issuer's root lies on the host: empty, or such as `/gitlab`. */
  readonly basePath: string;
  /** What holds the credentials at the issuer, such as `projects/42`. */
  readonly account: string;
  /** Who a value belongs to, where it is asked about under a name of its own. */
  readonly clientId?: string | undefined;
}

/** What an issuer says of a value that a person created, asked with the value alone. */
export type Shown =
  | {
      readonly outcome: 'active';
      /** Whose it is, as {@link Reach} has it, such as `users/583231`. */
      readonly account: string;
      /** The same in words that people know, such as a login. */
      readonly called: string;
      /** What it may do; undefined where the issuer does not tell. */
      readonly scopes?: readonly string[];
      /** When it ends; undefined where it never does, or where the value alone does not tell. */
      readonly expiresAt?: Instant;
    }
  | Exclude<Probe, { readonly outcome: 'active' }>;
