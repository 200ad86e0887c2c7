import type { Fact } from '../findings/events.ts';

/** What happened to tokens. */
export interface History {
  /** Appends to a token's history; a fact appended before is left as it is. */
  appendHistory(facts: readonly Fact[]): Promise<void>;
  /** The history of a token, newest first. */
  history(tokenId: string, limit: number): Promise<Fact[]>;
}
