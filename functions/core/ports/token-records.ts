import type { Instant } from '../basics/time.ts';
import type { Startable, UnderWay } from '../rotation/rotation-queue.ts';
import type { Token } from '../token/token.ts';

export interface Loaded {
  readonly token: Token;
  /** The version check's number: saving with it fails once somebody else has saved. */
  readonly revision: number;
}

/** The records of tokens. Every read is strongly consistent unless it says otherwise. */
export interface TokenRecords {
  load(tokenId: string): Promise<Loaded | undefined>;
  /**
   * Creates (`revision` 0) or replaces a record. Errors: `conflict` when the revision is no longer that.
   * Resolves to the new revision.
   */
  save(token: Token, revision: number): Promise<number>;
  /**
   * Ids of tokens whose dueAt is at or before now, earliest first. Eventually consistent: load each before
   * deciding.
   */
  due(now: Instant): AsyncIterable<string>;
  /** Rotations that may start, in the order in which they came to wait. Eventually consistent. */
  startable(now: Instant): AsyncIterable<Startable>;
  /** Rotations under way, whoever started them, but for those whose time is over. Eventually consistent. */
  underWay(now: Instant): Promise<UnderWay[]>;
  /**
   * Every token, in an order of no meaning that stays the same; only those after one of them, if it is named.
   * Eventually consistent in which there are: one of the last seconds may be missing; each record is read
   * consistently.
   */
  all(after?: string): AsyncIterable<Loaded>;
}
