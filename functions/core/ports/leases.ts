import type { Instant } from '../basics/time.ts';

/** One run of a kind at a time. */
export interface Leases {
  /** Lets one run of a kind work at a time, until it ends its turn or its time is over. Resolves to what the last one noted; undefined while another has the turn. */
  acquireLease(
    kind: string,
    turn: { owner: string; now: Instant; until: Instant },
  ): Promise<{ readonly note: unknown } | undefined>;
  /** Notes something, as JSON, for this run or the next one, and says until when the turn lasts. Errors: `conflict` when another run has the turn by now. */
  renewLease(kind: string, turn: { owner: string; until: Instant; note: unknown }): Promise<void>;
}
