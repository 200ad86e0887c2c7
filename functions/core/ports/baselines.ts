import type { Baseline } from '../detection/baseline.ts';
import type { Reading } from '../detection/readers.ts';

export interface LoadedBaseline {
  readonly baseline: Baseline;
  readonly revision: number;
}

/** How tokens are read, as detection learned it. */
export interface Baselines {
  /** How a token is read; undefined while nothing is known of it. */
  loadBaseline(tokenId: string): Promise<LoadedBaseline | undefined>;
  /**
   * Creates (`revision` 0) or replaces it. Errors: `conflict` when the revision is no longer that. Resolves
   * to the new revision.
   */
  saveBaseline(baseline: Baseline, revision: number): Promise<number>;
  /** Who read a token last when, and which version; the latest first. Empty without a trail. */
  readers(tokenId: string): Promise<Reading[]>;
}
