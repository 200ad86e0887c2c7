import type { Foundation } from './foundation.ts';
import type { ProviderFunctions } from './provider-functions.ts';
import type { Senders } from './senders.ts';
import type { WorkQueue } from './work-queue.ts';

/** What the functions that give commands are made from. */
export interface ControlProps {
  readonly foundation: Foundation;
  readonly providers: ReadonlyMap<string, ProviderFunctions>;
  readonly senders: Senders;
  /** The queue for what people ask; its URL tells those of the worker queues. */
  readonly requests: WorkQueue;
}
