import type { Millis } from '../basics/time.ts';
import type { Check, Found, Lags, Slots, ValueMaker } from './issuer-facts.ts';

/** The declared facts of a provider: registry checks, stack, docs and the engine read them. Data only. */
export interface ProviderDescriptor {
  readonly id: string;
  /** A user declares it in a file of their own: then its hosts come from the settings alone. */
  readonly own?: true;
  readonly title: string;
  readonly rotates: string;
  readonly slots: Slots;
  readonly value: ValueMaker;
  readonly found: Found;
  /** The field of the secret's JSON that holds the credential. */
  readonly valueField: string;
  /**
   * The issuer shows its values to nobody, and knows them by no name: sessions are paired, of an account with
   * one value and a second one beside it.
   */
  readonly unlisted?: true;
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
  /** A credential can be disabled, and enabled again as it was: sessions have a `toggle`. */
  readonly disables?: true;
  readonly lags: Lags;
  readonly check: Check;
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
  /** Where and how a person creates a value, where only people do. */
  readonly byPerson?: {
    /** The page of the issuer that creates one. */
    readonly link: string;
    /** The same with scopes filled in, to which their names are added, with commas between them. */
    readonly scopedLink?: string;
    /** What to do there, one sentence a step. */
    readonly steps: readonly string[];
    /** Where and how a person revokes one, where the issuer has no API for that either. */
    readonly revocation?: { readonly link: string; readonly steps: readonly string[] };
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
