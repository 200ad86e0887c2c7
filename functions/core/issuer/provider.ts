import type { Secret } from '../basics/secret.ts';
import type { Instant, Millis } from '../basics/time.ts';
import type { ProviderDescriptor } from './provider-descriptor.ts';
import type { Toggle } from './toggle.ts';

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

/** Whether two reaches are the same place; nothing that is recorded about one holds for another. */
export function sameReach(a: Reach, b: Reach): boolean {
  return (
    a.host === b.host && a.basePath === b.basePath && a.account === b.account && a.clientId === b.clientId
  );
}

interface CommonSession {
  /**
   * Host, base path and resource of the credentials in one text, not secret; two values of one token must
   * share it.
   */
  readonly account: string;
  readonly reach: Reach;
  /** What a new credential will be allowed to do, where the grant says it. */
  readonly scopes?: readonly string[];
  /** The longest life of a new credential, in days, where the grant says one. */
  readonly maxDays?: number;
  /**
   * Whether the issuer accepts this value. Uses the value alone, never the admin credential. Does not throw
   * for an issuer that is down.
   */
  probe(value: Secret): Promise<Probe>;
  /**
   * Revokes a credential. Each call that ends something is sent once. Revoking one that is gone already is a
   * success. Only the revocation guard may call this.
   */
  revoke(handle: string): Promise<void>;
  /** Where the issuer can disable a credential and enable it again. */
  readonly toggle?: Toggle;
  /**
   * Every credential of the resource this token may have, all pages, inactive ones included where the issuer
   * lists them.
   */
  list(): Promise<ListedCredential[]>;
  /** Which credential a value is, where the issuer can tell. */
  identify(value: Secret): Promise<ListedCredential | undefined>;
}

/** An issuer that makes the value. */
export interface MintingSession extends CommonSession {
  readonly kind: 'minting';
  /**
   * Throws as long as nothing is known to have been made. Once an id has arrived it throws no more: what is
   * wrong stands in `differs`. An answer without an id is `issuer-response-invalid`: what was made is found
   * by its marker, or by being new in an account of our own.
   */
  mint(request: { marker: string; expiresAt: Instant | undefined }): Promise<Minted>;
}

/** An issuer that takes a value we chose and stored first. */
export interface ChoosingSession extends CommonSession {
  readonly kind: 'choosing';
  choose(random: (bytes: number) => Uint8Array): { value: Secret; fields?: Readonly<Record<string, string>> };
  /** Makes the issuer accept the value; doing it twice leaves one credential. */
  install(value: Secret): Promise<ListedCredential>;
}

/**
 * A provider bound to one admin credential and to what that credential's own secret grants to one secret.
 * Nothing else can be reached through it.
 */
export type Session = MintingSession | ChoosingSession;

/** What every provider needs of the world. */
export interface ProviderTools {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly now: () => Instant;
  readonly sleep: (length: Millis) => Promise<void>;
  /** Which hosts do not answer, where that is remembered from one request to the next. */
  readonly hosts?: {
    restsUntil(host: string, now: Instant): Instant | undefined;
    answered(host: string): void;
    failed(host: string, now: Instant): void;
  };
}

export interface Provider {
  readonly descriptor: ProviderDescriptor;
  /**
   * Checks the admin secret's text, finds its grant for the named secret, and binds both.
   * Errors: `admin-invalid` names the field; `not-granted` names the secret.
   */
  open(admin: Secret, secretName: string, tools: ProviderTools): Session;
  /**
   * The session for the place where a credential was made, if the secret's grant names that place, as its own
   * or among its `formerly`. Undefined where it does not: then Keyturn may not ask there. A session for a
   * former place makes nothing new (`not-granted`). Errors: as `open`.
   */
  openAt(admin: Secret, secretName: string, reach: Reach, tools: ProviderTools): Session | undefined;
  /**
   * The session for the place, of those that the secret's grant names, whose values stand beside these
   * companions in a secret (`fields` of what is made there); undefined where there is none. Errors: as
   * `open`.
   */
  openBeside(
    admin: Secret,
    secretName: string,
    beside: Readonly<Record<string, string>>,
    tools: ProviderTools,
  ): Session | undefined;
  /**
   * Every place the secret's grant names: its own first, then the former ones. Makes no call. Errors: as
   * `open`.
   */
  reaches(admin: Secret, secretName: string): readonly Reach[];
  /**
   * Whether the issuer accepts the admin credential itself, and until when, where it tells. Does not throw
   * for an issuer that is down. Error: `admin-invalid`.
   */
  examine(admin: Secret, tools: ProviderTools): Promise<Probe>;
  /** The credentials in the admin secret's text, so that one that leaks is known. Error: `admin-invalid`. */
  adminValues(admin: Secret): readonly Secret[];
}
