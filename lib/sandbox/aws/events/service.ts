/** EventBridge of the sandbox as other services see it. */
import type { BusEvent, Check, PolicyDocument, Service } from '../types.ts';
import type { Rule } from './rule.ts';

/** EventBridge, as the sandbox runs it. */
export interface EventBridge {
  readonly service: Service;
  addBus(name: string, policy?: PolicyDocument): void;
  /**
   * Adds a rule, or replaces the one of its name and bus.
   * Errors: InvalidEventPatternException for a pattern that EventBridge rejects.
   */
  addRule(rule: Rule): void;
  /** Whether some rule of the default bus may fit events of a detail-type. */
  listens(detailType: string): boolean;
  /** Puts an event on a bus, without a permission check. */
  readonly emit: (event: BusEvent, bus?: string) => void;
  /** What IAM must allow before a whole event is put on one of these buses, for the owner of these buses. */
  readonly takeCheck: (bus: string, event: Readonly<Record<string, unknown>>) => Check;
  /**
   * Takes an event that a rule forwards, from this account or another. The event stays as it was.
   * Errors: ResourceNotFoundException.
   */
  readonly take: (bus: string, event: Readonly<Record<string, unknown>>) => void;
  /** Lets an entry of PutEvents fail with an error code, as the service does at times; for tests. */
  failEntry: (entry: { source: string; detailType: string }) => string | undefined;
}

/** What EventBridge is made with. */
export interface EventsOptions {
  /** Whether a trail with logging on carries CloudTrail's events to the bus. */
  readonly trail: boolean;
}
