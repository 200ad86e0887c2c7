import type { Instant } from '../basics/time.ts';

/** A token whose record may name a credential. The record decides. */
export interface Holder {
  readonly tokenId: string;
}

/** An entry of the index of credentials, with the revision of the record that needs it. */
export interface IndexEntry extends Holder {
  readonly revision: number;
}

/**
 * Which tokens may have a credential, by its handle or its fingerprint: where to look, and no more. The
 * record decides.
 */
export interface CredentialIndex {
  /** Which tokens' records may name a credential: where to look, and no more. */
  holders(provider: string, handle: string): Promise<Holder[]>;
  /** Makes a handle lead to a token. Written before the record that needs it. */
  hold(provider: string, handle: string, entry: IndexEntry): Promise<void>;
  /** Takes an entry out, unless a later revision of the record needs it. */
  unhold(provider: string, handle: string, entry: IndexEntry): Promise<void>;
  /**
   * Notes that a token has a credential with this fingerprint; with `until`, only until then. Written before
   * the record that has it, so that none is missing.
   */
  trace(fingerprint: string, tokenId: string, until?: Instant): Promise<void>;
  /** Ids of the tokens that may have a credential with this fingerprint; the record of each decides. */
  traced(fingerprint: string): Promise<string[]>;
}
