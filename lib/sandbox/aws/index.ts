import type { Clock } from '../clock.ts';
import { createCall } from './call.ts';
import { CALL_BY_TRAIL, callEvent } from './cloudtrail.ts';
import { createTrails } from './cloudtrail-trails.ts';
import { createCloudWatch } from './cloudwatch.ts';
import { createDynamoDb, type DynamoDb } from './dynamodb.ts';
import { createEcs, type Ecs } from './ecs.ts';
import { createEvents, type EventBridge } from './events/index.ts';
import { inProcessHandler, type InProcessHandler } from './handler.ts';
import { createIam } from './iam.ts';
import { createKms, type Kms } from './kms.ts';
import { createLambda, type Lambda } from './lambda.ts';
import { listMappings } from './lambda-mappings.ts';
import { createLogs, type LogOptions } from './logs.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { createSecretsManager, type SecretsManager } from './secrets-manager/index.ts';
import type { StaleReads } from './secrets-manager/past.ts';
import type { RotationOptions } from './secrets-manager/rotation.ts';
import { createSns, type Sns, type SnsOptions } from './sns/index.ts';
import { createSqs } from './sqs/index.ts';
import type { Sqs } from './sqs/service.ts';
import { createSts } from './sts.ts';
import { AwsError } from './errors.ts';
import type {
  BusEvent,
  CallHook,
  CallRecord,
  CallRequest,
  Invoke,
  Principal,
  TrailedCall,
  World,
} from './types.ts';

export { AwsError } from './errors.ts';
export { accountKeyPolicy } from './kms.ts';
export { allowService } from './lambda.ts';
export { roleIdOf } from './sts.ts';
export { TRAIL } from './cloudtrail-trails.ts';
export type { LogLine } from './logs.ts';
export type { Schedule } from './scheduler.ts';
export type { Rule, Target } from './events/index.ts';
export type { Mail, Subscription, TopicSettings } from './sns/topic.ts';
export type { Lag, StaleReads } from './secrets-manager/past.ts';
export type { RotationOptions } from './secrets-manager/rotation.ts';
export type { PendingLabel } from './secrets-manager/state.ts';
export type { MappingSettings } from './sqs/mapping.ts';
export type { QueueSettings } from './sqs/queue.ts';
export type * from './types.ts';

export interface AwsOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** Ids, as `crypto.randomUUID` makes them; a repeatable source makes runs repeatable. */
  readonly uuid: () => string;
  /** Runs a function by its name. */
  readonly invoke: Invoke;
  /** Told of every call, before and after it runs: for faults and for tests. */
  readonly onCall?: (call: CallHook) => void | Promise<void>;
  /** Told of errors that are none of AWS's: a mistake in the sandbox or in a hook. Callers only see an InternalFailure. */
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
  /** What queue URLs begin with. SDK clients send to the host in a queue's URL: over HTTP it must be the server's. */
  readonly queueUrlBase?: string;
}

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
  /** What an SDK client is made with: Region, credentials that nobody checks, the in-process handler. */
  clientConfig(principal: Principal): {
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    requestHandler: InProcessHandler;
  };
}

type Services = Pick<
  Aws,
  'secretsManager' | 'lambda' | 'kms' | 'sqs' | 'sns' | 'eventBridge' | 'ecs' | 'scheduler' | 'dynamoDb'
>;

interface DeliveryParts {
  readonly services: () => Services;
  readonly authorize: World['authorize'];
  readonly busesOf: (account: string) => EventBridge | undefined;
}

/** A bus may be another account's: then its policy has to allow it, besides the sender's own. */
function forward(
  { authorize, busesOf }: DeliveryParts,
  principal: Principal,
  arn: string,
  event: Readonly<Record<string, unknown>>,
): void {
  const bus = arn.split('/').at(-1) ?? '';
  const buses = busesOf(arn.split(':')[4] ?? '');
  if (!buses)
    throw new AwsError('ResourceNotFoundException', `There is no account of ${arn} in this process.`);
  authorize(principal, buses.takeCheck(bus, event));
  buses.take(bus, event);
}

/** Hands a letter to the service that an ARN names. */
function createDelivery(parts: DeliveryParts): World['deliver'] {
  return async (principal, arn, letter) => {
    const { sqs, sns, lambda } = parts.services();
    switch (arn.split(':')[2] ?? '') {
      case 'sqs':
        return sqs.deliver(principal, arn, letter);
      case 'sns':
        return sns.deliver(principal, arn, letter);
      case 'lambda':
        return lambda.invokeLater(principal, arn, JSON.parse(letter.body));
      case 'events':
        return forward(parts, principal, arn, JSON.parse(letter.body));
      default:
        throw new AwsError('ValidationException', `The sandbox does not deliver to ${arn}.`);
    }
  };
}

function createServices(options: AwsOptions, events: BusEvent[]): { services: Services; world: World } {
  const { clock, account, region, uuid } = options;
  const authorize = createIam({ account, region });
  const busesOf = (owner: string): EventBridge | undefined =>
    owner === account ? services.eventBridge : options.abroad?.(owner)?.eventBridge;
  const base = {
    clock,
    account,
    region,
    uuid,
    authorize,
    deliver: createDelivery({ services: () => services, authorize, busesOf }),
  };
  const lambda = createLambda(base, options.invoke);
  const emit = (event: BusEvent): void => {
    events.push(event);
    services.eventBridge.emit(event);
  };
  const trail = (call: TrailedCall): void => {
    const event = services.eventBridge.listens(CALL_BY_TRAIL) ? callEvent(base, call) : undefined;
    if (event) emit(event);
  };
  const world: World = {
    ...base,
    emit,
    trail,
    invoke: lambda.invoke,
    mayInvoke: lambda.mayInvoke,
    invokeCheck: lambda.invokeCheck,
  };
  const kms = createKms(world);
  const keyChecks = (
    keyId: string,
    actions: readonly string[],
    secretArn: string,
  ): ReturnType<Kms['checks']> =>
    kms.checks(keyId, actions, {
      'kms:EncryptionContext:SecretARN': secretArn,
      'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
    });
  const services: Services = {
    lambda,
    kms,
    secretsManager: createSecretsManager(world, {
      rotation: options.rotation,
      staleReads: options.staleReads,
      isKey: kms.encrypts,
      keyChecks,
    }),
    sqs: createSqs(world, { kms, urlBase: options.queueUrlBase ?? `https://sqs.${region}.amazonaws.com` }),
    sns: createSns(world, {
      kms,
      mail: options.mail ?? (() => undefined),
      post: options.post ?? (() => Promise.resolve(599)),
    }),
    eventBridge: createEvents(world, { trail: options.trail ?? true }),
    ecs: createEcs(world),
    scheduler: createScheduler(world),
    dynamoDb: createDynamoDb(world),
  };
  return { services, world };
}

/** An AWS in this process, on a clock. */
export function createAws(options: AwsOptions): Aws {
  const { account, region, uuid } = options;
  const events: BusEvent[] = [];
  const log: CallRecord[] = [];
  const { services, world } = createServices(options, events);
  const { secretsManager, lambda, kms, sqs, sns, eventBridge, ecs, dynamoDb } = services;
  const byScope = new Map([
    ['secretsmanager', secretsManager.service],
    ['lambda', new Map([...lambda.service, listMappings(world, () => sqs.mappings)])],
    ['kms', kms.service],
    ['sqs', sqs.service],
    ['sns', sns.service],
    ['events', eventBridge.service],
    ['ecs', ecs.service],
    ['dynamodb', dynamoDb.service],
    ['sts', createSts(world)],
    ['scheduler', services.scheduler.service],
    ['cloudtrail', createTrails(world, options.trail ?? true)],
    ['logs', createLogs(world, { linesOf: options.logs ?? (() => undefined) })],
    ['monitoring', createCloudWatch(world).service],
  ]);
  const call = createCall({
    world,
    services: byScope,
    log,
    onCall: options.onCall,
    onFault: options.onFault,
  });
  const requestHandler = (principal: Principal): InProcessHandler => inProcessHandler(principal, call, uuid);
  const credentials = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' };
  const clientConfig: Aws['clientConfig'] = (principal) => ({
    region,
    credentials,
    requestHandler: requestHandler(principal),
  });
  return { ...services, account, region, events, log, call, requestHandler, clientConfig };
}
