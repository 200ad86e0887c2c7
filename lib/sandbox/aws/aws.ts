/** The AWS of the sandbox as others see it: what it is made with, its services, its log and its calls. */
import type { Clock } from '../clock.ts';
import type { DynamoDb } from './dynamodb.ts';
import type { Ecs } from './ecs.ts';
import type { EventBridge } from './events/service.ts';
import type { InProcessHandler } from './handler.ts';
import type { Kms } from './kms.ts';
import type { Lambda } from './lambda.ts';
import type { LogOptions } from './logs.ts';
import type { Scheduler } from './scheduler.ts';
import type { SecretsManager } from './secrets-manager/index.ts';
import type { StaleReads } from './secrets-manager/past.ts';
import type { RotationOptions } from './secrets-manager/rotation.ts';
import type { Sns, SnsOptions } from './sns/service.ts';
import type { Sqs } from './sqs/service.ts';
import type { BusEvent, CallHook, CallRecord, CallRequest, Invoke, Principal } from './types.ts';

/** What the simulated AWS is made with. */
export interface AwsOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** Ids, as `crypto.randomUUID` makes them; a repeatable source makes runs repeatable. */
  readonly uuid: () => string;
  /** Runs a function by its name. */
  readonly invoke: Invoke;
  /** Called for every call, before and after it runs: for faults and for tests. */
  readonly onCall?: (call: CallHook) => void | Promise<void>;
  /**
   * Called for errors that are none of AWS's: a mistake in the sandbox or in a hook.
   * Callers only see an InternalFailure.
   */
  readonly onFault?: (error: unknown) => void;
  /** What AWS leaves undocumented about rotation, `pendingLabel` among it. */
  readonly rotation?: Partial<RotationOptions>;
  /** How far reads of Secrets Manager lag behind; not at all unless set. */
  readonly staleReads?: StaleReads;
  /** Takes the mail that topics send; dropped unless given. */
  readonly mail?: SnsOptions['mail'];
  /** Posts for https subscriptions; every post fails unless given. */
  readonly post?: SnsOptions['post'];
  /** The lines of log groups; there are none unless given. */
  readonly logs?: LogOptions['linesOf'];
  /** Whether a trail carries CloudTrail's events to the default bus; true unless set. */
  readonly trail?: boolean;
  /** The AWS of another account in this process, for events that are forwarded to it. */
  readonly abroad?: (account: string) => Pick<Aws, 'eventBridge'> | undefined;
  /**
   * What queue URLs begin with. SDK clients send to the host in a queue's URL: over HTTP it must be the
   * server's.
   */
  readonly queueUrlBase?: string;
}

/** The simulated AWS of one account and Region. */
export interface Aws {
  readonly account: string;
  readonly region: string;
  readonly secretsManager: SecretsManager;
  readonly lambda: Lambda;
  readonly kms: Kms;
  readonly sqs: Sqs;
  readonly sns: Sns;
  readonly eventBridge: EventBridge;
  readonly ecs: Ecs;
  readonly scheduler: Scheduler;
  readonly dynamoDb: DynamoDb;
  /** Every event that AWS services put on the default bus, those of CloudTrail included. */
  readonly events: readonly BusEvent[];
  /** Every call, oldest first; never values. */
  readonly log: readonly CallRecord[];
  /** Makes one call. Errors: AwsError. */
  readonly call: (request: CallRequest) => Promise<unknown>;
  requestHandler(principal: Principal): InProcessHandler;
  /** What an SDK client is made with: Region, credentials that are not checked, the in-process handler. */
  clientConfig(principal: Principal): {
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    requestHandler: InProcessHandler;
  };
}

/** The services that others use directly. */
export type Services = Pick<
  Aws,
  'secretsManager' | 'lambda' | 'kms' | 'sqs' | 'sns' | 'eventBridge' | 'ecs' | 'scheduler' | 'dynamoDb'
>;
