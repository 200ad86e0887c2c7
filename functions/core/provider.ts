import type { Secret } from './secret.ts';
import type { Instant, Millis } from './time.ts';

/**
 * How a credential is found again whose creation was never answered:
 * by the marker in its name; because the account is this token's alone; because we chose its value and stored it first.
 */
export type LostMintClass = 'by-marker' | 'by-exclusive-principal' | 'chosen-value';

/** The declared facts of a provider: registry checks, stack, docs and the engine read them. Data only. */
export interface ProviderDescriptor {
  readonly id: string;
  readonly title: string;
  readonly rotates: string;
  /** `mint`: many live at once; `slots`: a fixed few. */
  readonly shape: 'mint' | 'slots';
  readonly lostMint: LostMintClass;
  /** How many credentials may live at once at the issuer for one token. */
  readonly slots: number;
  /** The field of the secret's JSON that holds the credential. */
  readonly valueField: string;
  /** Fields that a credential brings along, beside its own in the secret's JSON: the names of `fields` in what is made. */
  readonly companions?: readonly string[];
  /** The longest value that the issuer makes, in bytes, where it is known. */
  readonly longestValue?: number;
  /** Whether {@link CommonSession.identify} can tell which credential a value is. */
  readonly identifies: boolean;
  readonly expiry: {
    /** Whether a minted credential can be given an expiry. */
    readonly settable: boolean;
    /** The finest step in which the issuer keeps it. */
    readonly step: 'none' | 'day' | 'second';
    readonly maxDays?: number;
  };
  /** The issuer tells when a credential was last used, at this granularity; undefined when it does not. */
  readonly lastUsedEvery?: Millis;
  /** The longest documented time until a new credential is accepted everywhere. */
  readonly propagation: Millis;
  /** The longest documented time until a revoked credential is refused everywhere. */
  readonly revokeLag: Millis;
  /** How many act commands may run at once against the issuer. */
  readonly concurrency: number;
  /** What a credential of this issuer looks like, where it is recognisable. */
  readonly pattern?: RegExp;
  readonly docs: string;
  readonly admin: {
    /** An example of the admin secret's JSON with placeholders, shown in the reference. */
    readonly example: Readonly<Record<string, unknown>>;
    /** The least rights the admin credential needs at the issuer. */
    readonly leastRights: string;
    /** Whether Keyturn can replace the admin credential itself, or a person has to. */
    readonly successor: 'minted' | 'by-hand';
    /** Whether its issuer made the credentials in it at random, or people chose them: what people choose can be guessed, so nobody is told whose it is. */
    readonly values: 'issued' | 'chosen';
  };
  /** What a person has to do at the issuer once. */
  readonly manualSteps: readonly string[];
}

/** A credential as its issuer's list shows it. Never holds the value. */
export interface Credential {
  /** Unique among all credentials of the provider, host and resource included; not secret. */
  readonly handle: string;
  /** The name our marker is looked for in, where the issuer keeps one. */
  readonly name?: string;
  /** Whether the issuer accepts it now. */
  readonly active: boolean;
  readonly createdAt?: Instant;
  readonly expiresAt?: Instant;
  readonly lastUsedAt?: Instant;
  readonly scopes?: readonly string[];
}

export interface Minted {
  readonly handle: string;
  readonly value: Secret;
  /** When the issuer says it was made, where its answer tells. */
  readonly createdAt?: Instant;
  /** Companions that consumers need beside the credential, written into the secret's JSON; not secret. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly expiresAt?: Instant;
  readonly scopes?: readonly string[];
}

/** `refused`: the issuer said no to this value. `unknown`: it could not be asked; never a reason to act. */
export type Probe =
  | { readonly outcome: 'alive'; readonly scopes?: readonly string[]; readonly expiresAt?: Instant }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'unknown'; readonly reason: string };

interface CommonSession {
  /** Host and resource of the credentials, not secret; two values of one token must share it. */
  readonly account: string;
  /** What a new credential will be allowed to do, where the grant says it. */
  readonly scopes?: readonly string[];
  /** The longest life of a new credential, in days, where the grant says one. */
  readonly maxDays?: number;
  /** Whether the issuer accepts this value. Uses the value alone, never the admin credential. Does not throw for an issuer that is down. */
  probe(value: Secret): Promise<Probe>;
  /** Kills a credential. Killing one that is gone already is a success. Only the gate may call this. */
  revoke(handle: string): Promise<void>;
  /** Every credential of the resource this token may have, all pages, inactive ones included where the issuer lists them. */
  list(): Promise<Credential[]>;
  /** Which credential a value is, where the issuer can tell. */
  identify(value: Secret): Promise<Credential | undefined>;
}

/** An issuer that makes the value. */
export interface MintingSession extends CommonSession {
  readonly kind: 'minting';
  mint(request: { marker: string; expiresAt: Instant | undefined }): Promise<Minted>;
}

/** An issuer that takes a value we chose and stored first. */
export interface ChoosingSession extends CommonSession {
  readonly kind: 'choosing';
  choose(random: (bytes: number) => Uint8Array): { value: Secret; fields?: Readonly<Record<string, string>> };
  /** Makes the issuer accept the value; doing it twice leaves one credential. */
  install(value: Secret): Promise<Credential>;
}

/** A provider bound to one admin credential and to what that credential's own secret grants to one secret. Nothing else can be reached through it. */
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
   * Errors: `admin-malformed` names the field; `not-granted` names the secret.
   */
  open(admin: Secret, secretName: string, tools: ProviderTools): Session;
  /**
   * Whether the issuer accepts the admin credential itself, and until when, where it tells. Does not throw for an issuer that is down.
   * Error: `admin-malformed`.
   */
  examine(admin: Secret, tools: ProviderTools): Promise<Probe>;
  /** The credentials in the admin secret's text, so that one that leaks is known. Error: `admin-malformed`. */
  adminValues(admin: Secret): readonly Secret[];
}
