import type { Fact } from '../findings/events.ts';

export interface FactBus {
  /** Publishes facts; resolves only when every one was accepted. */
  publish(facts: readonly Fact[]): Promise<void>;
}
