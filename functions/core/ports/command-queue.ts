import type { Millis } from '../basics/time.ts';
import type { Command, DeliverCommand } from '../commands/commands.ts';
import type { ConsumerKind } from '../consumers/consumer-kinds.ts';

export interface CommandQueue {
  /** Sends to the worker function of a provider. Errors: `aws-failed`. */
  send(provider: string, commands: readonly Command[], delay?: Millis): Promise<void>;
}

/** The function that brings new values to consumers. */
export interface Deliveries {
  /** Whether this installation delivers to consumers of a kind. */
  takes(kind: ConsumerKind): boolean;
  /** Errors: `aws-failed`. */
  send(commands: readonly DeliverCommand[]): Promise<void>;
}
