import type { Permits } from '../revocation/permits.ts';

export interface LoadedPermits {
  readonly permits: Permits;
  /** 0 when there is no record yet. */
  readonly revision: number;
}

/** What lets credentials end. Only the worker functions write it. */
export interface PermitRecords {
  /** What may end of a token; none where nothing is on record. Errors: `record-invalid`. */
  loadPermits(tokenId: string): Promise<LoadedPermits>;
  /**
   * Creates (`revision` 0) or replaces it. Only the worker functions may. Errors: `conflict` when the
   * revision is no longer that. Resolves to the new revision.
   */
  savePermits(permits: Permits, revision: number): Promise<number>;
}
