import type { Check, Principal, Service } from '../types.ts';
import type { MappingSettings } from './mapping.ts';
import type { MessageAttributes, Queue, QueueSettings } from './queue.ts';

/** SQS, as the sandbox runs it: standard queues. */
export interface Sqs {
  readonly service: Service;
  /** Adds a queue and gives its URL. */
  add(settings: QueueSettings): string;
  addMapping(settings: MappingSettings): void;
  readonly mappings: readonly MappingSettings[];
  readonly names: () => string[];
  readonly arnOf: (name: string) => string;
  readonly urlOf: (name: string) => string;
  /** A queue by name, ARN or URL. Errors: QueueDoesNotExist. */
  readonly queue: (nameArnOrUrl: string) => Queue;
  readonly checks: (nameArnOrUrl: string, action: string) => Check[];
  /** Sends for a service principal. Errors: AccessDeniedException, QueueDoesNotExist. */
  readonly deliver: (
    principal: Principal,
    arn: string,
    message: { body: string; attributes?: MessageAttributes },
  ) => void;
}
