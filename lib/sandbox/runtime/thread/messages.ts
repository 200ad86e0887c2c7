import type { Instant } from '../../../../functions/core/basics/time.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly id: string;
  readonly time: SharedArrayBuffer;
  /** Folder of the bundle, as it would be unpacked in /var/task. */
  readonly folder: string;
  /** `file.function`, as in the template. */
  readonly handler: string;
  /** Where AWS and the issuers listen. */
  readonly endpoint: string;
  /** Hosts of issuers, reached through the endpoint. */
  readonly hosts: readonly string[];
}

/** What Lambda's context object says of one invocation. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

export type ToThread =
  | {
      readonly kind: 'invoke';
      readonly event: unknown;
      readonly deadline: Instant;
      readonly context: InvocationContext;
    }
  /** Time has moved on. */
  | { readonly kind: 'wake' };

export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'idle'; readonly idle: Idle }
  | { readonly kind: 'done'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly errorType: string; readonly errorMessage: string };

/** The thread does nothing but wait: for answers, for time, or for both. */
export interface Idle {
  /**
   * Numbers of the requests it waits for: the host holds them against those it is answering, so that nothing
   * on the wire is missed.
   */
  readonly open: readonly number[];
  /** When its next timer fires that it waits for. */
  readonly wakeAt: Instant | undefined;
}
