import type { Instant } from '../basics/time.ts';

/** One run of a kind at a time. */
export interface Leases {
  /**
   * Lets one run of a kind work at a time, until it gives its lease back or its time is over. Resolves to
   * what the last one noted; undefined while another holds the lease.
   */
  acquireLease(
    kind: string,
    lease: { owner: string; now: Instant; until: Instant },
  ): Promise<{ readonly note: unknown } | undefined>;
  /**
   * Notes something, as JSON, for this run or the next one, and says until when the lease lasts. Errors:
   * `conflict` when another run holds the lease by now.
   */
  renewLease(kind: string, lease: { owner: string; until: Instant; note: unknown }): Promise<void>;
}
