import type { Instant } from '../basics/time.ts';
import type { InstallationRecord } from '../inventory/installation.ts';

export interface LoadedInstallationRecord {
  readonly installationRecord: InstallationRecord;
  /** 0 when there is no record yet. */
  readonly revision: number;
}

/** The installation's own record, and whether the inventory is complete. */
export interface InstallationRecords {
  /** The installation's own record; a new one where there is none. */
  loadInstallationRecord(): Promise<LoadedInstallationRecord>;
  /** Replaces it. Errors: `conflict` when the revision is no longer that. Resolves to the new revision. */
  saveInstallationRecord(installationRecord: InstallationRecord, revision: number): Promise<number>;
  /**
   * Whether the inventory is known to be complete; false for a table that is new, restored from a backup or
   * replaced.
   */
  isComplete(): Promise<boolean>;
  /** Starts or goes on with a rebuild and says since when it runs. */
  beginRebuild(now: Instant): Promise<Instant>;
  completeRebuild(): Promise<void>;
}
