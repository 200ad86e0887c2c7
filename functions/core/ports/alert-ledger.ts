import type { Waiting, WaitingList } from '../alerts/notices.ts';
import type { Instant } from '../basics/time.ts';

/** What alerts have told already, and what waits to be told. */
export interface AlertLedger {
  /** The sequence number of the last reported step of a finding; 0 when none. */
  told(dedupKey: string): Promise<number>;
  tell(dedupKey: string, sequence: number, now: Instant): Promise<void>;
  /** One entry of a list. Errors: `record-invalid`. */
  waiting(list: WaitingList, key: string): Promise<Waiting | undefined>;
  /**
   * All of a list. An entry that cannot be read hides no other: `damaged` says of each where it is and what
   * is wrong, never what it holds.
   */
  allWaiting(
    list: WaitingList,
  ): Promise<{ readonly entries: Waiting[]; readonly damaged: readonly string[] }>;
  /**
   * Puts an entry in the place of the one that was read (undefined: of none); false when another run was
   * faster.
   */
  wait(list: WaitingList, entry: Waiting, read: Waiting | undefined): Promise<boolean>;
  /** Takes an entry out, unless it is no longer the one that was read. */
  unwait(list: WaitingList, read: Waiting): Promise<void>;
}
