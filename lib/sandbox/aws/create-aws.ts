/** Makes an AWS in this process: its services, wired to each other, on a clock. */
import { createCall } from './call.ts';
import { CALL_BY_TRAIL, callEvent } from './cloudtrail.ts';
import { createTrails } from './cloudtrail-trails.ts';
import { createCloudWatch } from './cloudwatch.ts';
import { createDynamoDb } from './dynamodb.ts';
import { createEcs } from './ecs.ts';
import { createEvents } from './events/create-events.ts';
import type { EventBridge } from './events/service.ts';
import { inProcessHandler, type InProcessHandler } from './handler.ts';
import { createIam } from './iam.ts';
import { createKms } from './kms.ts';
import { createLambda, type Lambda } from './lambda.ts';
import { listMappings } from './lambda-mappings.ts';
import { createLogs } from './logs.ts';
import { createScheduler } from './scheduler.ts';
import { createSecretsManager } from './secrets-manager/index.ts';
import { createSns } from './sns/create-sns.ts';
import { createSqs } from './sqs/index.ts';
import { createSts } from './sts.ts';
import type { BusEvent, CallRecord, Principal, TrailedCall, World } from './types.ts';
import { createDelivery } from './deliver-by-arn.ts';
import type { Aws, AwsOptions, Services } from './aws.ts';

/** What every service of one account gets. The services themselves come later, so they are asked for. */
function createWorld(options: AwsOptions, events: BusEvent[], services: () => Services): Wired {
  const { clock, account, region, uuid } = options;
  const authorize = createIam({ account, region });
  const busesOf = (owner: string): EventBridge | undefined =>
    owner === account ? services().eventBridge : options.abroad?.(owner)?.eventBridge;
  const deliver = createDelivery({ services, authorize, busesOf });
  const base = { clock, account, region, uuid, authorize, deliver };
  const lambda = createLambda(base, options.invoke);
  const emit = (event: BusEvent): void => {
    events.push(event);
    services().eventBridge.emit(event);
  };
  const trail = (call: TrailedCall): void => {
    const event = services().eventBridge.listens(CALL_BY_TRAIL) ? callEvent(base, call) : undefined;
    if (event) emit(event);
  };
  const { invoke, mayInvoke, invokeCheck } = lambda;
  return { lambda, world: { ...base, emit, trail, invoke, mayInvoke, invokeCheck } };
}

interface Wired {
  readonly lambda: Lambda;
  readonly world: World;
}

function createServices(options: AwsOptions, events: BusEvent[]): { services: Services; world: World } {
  const { region } = options;
  const { lambda, world } = createWorld(options, events, () => services);
  const kms = createKms(world);
  const services: Services = {
    lambda,
    kms,
    secretsManager: createSecretsManager(world, {
      rotation: options.rotation,
      staleReads: options.staleReads,
      isKey: kms.encrypts,
      keyChecks: (keyId, actions, secretArn) =>
        kms.checks(keyId, actions, {
          'kms:EncryptionContext:SecretARN': secretArn,
          'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
        }),
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
