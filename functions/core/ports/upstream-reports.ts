import type { UpstreamReport } from '../rotation/upstreams.ts';

/** What other installations say of tokens. */
export interface UpstreamReports {
  /**
   * Keeps what another installation says of a token, unless something newer was said under the same key.
   * Lost, it only makes followers wait.
   */
  hear(said: UpstreamReport): Promise<void>;
  /** All that other installations said last of the token of a secret, by the place of the secret. */
  heard(of: string): Promise<UpstreamReport[]>;
}
