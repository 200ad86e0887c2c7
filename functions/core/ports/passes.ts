import type { Instant } from '../basics/time.ts';

/**
 * A pass of reconcile that went through every registered secret and found each one's record to be what the
 * secret shows.
 */
export interface CompletePass {
  /** The version of the index of credentials under which it ran. */
  readonly index: number;
  readonly startedAt: Instant;
}

/** The complete passes of reconcile. */
export interface Passes {
  /** The last pass of reconcile that was complete; undefined for a table in which there was none. */
  lastPass(): Promise<CompletePass | undefined>;
  notePass(pass: CompletePass): Promise<void>;
}
