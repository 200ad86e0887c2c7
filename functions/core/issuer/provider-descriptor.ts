import type { Millis } from '../basics/time.ts';

/**
 * How a credential is found again whose creation was never answered: by the marker in its name; because the
 * account is this token's alone; because we chose its value and stored it first.
 */
export type LostMintClass = 'by-marker' | 'by-exclusive-principal' | 'chosen-value';

/** The declared facts of a provider: registry checks, stack, docs and the engine read them. Data only. */
export interface ProviderDescriptor {
  readonly id: string;
  readonly title: string;
  readonly rotates: string;
  /** `mint`: many are active at once; `slots`: a fixed few. */
  readonly shape: 'mint' | 'slots';
  readonly lostMint: LostMintClass;
  /** How many credentials may be active at once at the issuer for one token. */
  readonly slots: number;
  /**
   * What has expired still takes one of those slots. Left out where it does not. What is disabled takes one
   * everywhere: it may be enabled again.
   */
  readonly fillsSlot?: 'expired';
  /** The field of the secret's JSON that holds the credential. */
  readonly valueField: string;
  /**
   * Fields that a credential brings along, beside its own in the secret's JSON: the names of `fields` in what
   * is made.
   */
  readonly companions?: readonly string[];
  /** The longest value that the issuer makes, in bytes, where it is known. */
  readonly longestValue?: number;
  /** Whether {@link CommonSession.identify} can tell which credential a value is. */
  readonly identifies: boolean;
  readonly expiry: {
    /** Whether a new credential can be given an expiry. */
    readonly settable: boolean;
    /** The finest step in which the issuer keeps it. */
    readonly step: 'none' | 'day' | 'second';
    /** Whether it is asked for as a length from the issuer's own now; `instant`, where it is left out. */
    readonly given?: 'instant' | 'duration';
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
  /**
   * The vendor's own hosts, where it has any: a name, or `*.` and the end of names. Others are trusted only
   * when an operator says so; see `hostTrust`.
   */
  readonly hosts?: readonly string[];
  readonly admin: {
    /** An example of the admin secret's JSON with placeholders, shown in the reference. */
    readonly example: Readonly<Record<string, unknown>>;
    /** The least rights the admin credential needs at the issuer. */
    readonly leastRights: string;
    /** Whether Keyturn can replace the admin credential itself, or a person has to. */
    readonly successor: 'minted' | 'by-hand';
    /**
     * Whether its issuer made the credentials in it at random, or people chose them: what people choose can
     * be guessed, so Keyturn does not say whose it is.
     */
    readonly values: 'issued' | 'chosen';
  };
  /** What a person has to do at the issuer once. */
  readonly manualSteps: readonly string[];
  /** Where the facts are from, for the page of the issuer. */
  readonly evidence: {
    /**
     * What the requests and answers were held against: a program and its version, or a vendor's specification
     * and its hash, with the date. Left out where only documentation was read.
     */
    readonly verified?: string;
    /** Pages, files and their versions. */
    readonly sources: readonly string[];
    /** What was looked for and not found, or is general knowledge. */
    readonly unconfirmed: readonly string[];
  };
}
