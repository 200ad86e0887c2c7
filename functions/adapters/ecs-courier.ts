import {
  DescribeServicesCommand,
  UpdateServiceCommand,
  type Deployment,
  type ECSClient,
  type Service,
} from '@aws-sdk/client-ecs';
import type { Courier, Parcel, Passage } from '../core/delivery/courier.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import { requireGranted, type DeliveryGrant } from '../core/delivery/consumer-grants.ts';
import { MINUTE, type Instant } from '../core/basics/time.ts';
import { awsFailure, hasCode } from './aws-errors.ts';

/** How soon a deployment is looked at again; the sweep comes when it comes. */
const LOOK_AGAIN = MINUTE;

/**
 * Has tasks of a service started anew, since a task reads its secrets when it starts. Any deployment begun
 * since then will do, whoever began it. Source: Amazon ECS API Reference, UpdateService (forceNewDeployment),
 * DescribeServices, Deployment.
 */
export function ecsCourier(client: ECSClient, grants: readonly DeliveryGrant[], now: () => Instant): Courier {
  return {
    kind: 'ecs',
    async carry(parcel) {
      requireGranted(grants, parcel, 'delivery.ecs in keyturn.json');
      const place = placeOf(parcel);
      const service = await describe(client, place);
      const primary = primaryOf(service);
      if (primary && (primary.createdAt?.getTime() ?? 0) >= parcel.since)
        return progressOf(service, primary, now());
      const begun = primaryOf(await deploy(client, place));
      return { outcome: 'sent', receipt: begun?.id ?? 'deployment', lookAt: now() + LOOK_AGAIN };
    },
  };
}

interface Place {
  readonly cluster: string;
  readonly service: string;
}

function placeOf(parcel: Parcel): Place {
  const [cluster = '', service = ''] = parcel.consumer.target.split('/');
  return { cluster, service };
}

function primaryOf(service: Service): Deployment | undefined {
  return service.deployments?.find((one) => one.status === 'PRIMARY');
}

async function describe(client: ECSClient, place: Place): Promise<Service> {
  try {
    const answer = await client.send(
      new DescribeServicesCommand({ cluster: place.cluster, services: [place.service] }),
    );
    const [found] = answer.services ?? [];
    if (found && found.status !== 'INACTIVE') return requireRolling(found, place);
  } catch (error) {
    if (error instanceof KeyturnError) throw error;
    if (!hasCode(error, 'ClusterNotFoundException')) throw awsFailure('ecs:DescribeServices', error);
  }
  throw new KeyturnError(
    'not-found',
    `There is no ECS service ${place.service} in the cluster ${place.cluster}: correct the target of ` +
      'the consumer.',
  );
}

/** Other controllers start tasks when somebody else says so. */
function requireRolling(service: Service, place: Place): Service {
  const type = service.deploymentController?.type ?? 'ECS';
  if (type === 'ECS') return service;
  throw new KeyturnError(
    'bad-request',
    `The ECS service ${place.service} is deployed by ${type}, which Keyturn cannot start: declare it ` +
      'as webhook, event or ack.',
  );
}

async function deploy(client: ECSClient, place: Place): Promise<Service> {
  try {
    const answer = await client.send(
      new UpdateServiceCommand({ cluster: place.cluster, service: place.service, forceNewDeployment: true }),
    );
    return answer.service ?? {};
  } catch (error) {
    throw awsFailure('ecs:UpdateService', error);
  }
}

/** A service behind a Classic Load Balancer has no rollout state: its counts tell. */
function progressOf(service: Service, primary: Deployment, now: Instant): Passage {
  const id = primary.id ?? 'deployment';
  if (primary.rolloutState === 'FAILED')
    throw new KeyturnError(
      'delivery-unconfirmed',
      `The ECS deployment ${id} of ${service.serviceName ?? 'the service'} failed: deploy it anew; any ` +
        'deployment begun since the rotation will do.',
    );
  const isComplete =
    primary.rolloutState === undefined
      ? primary.runningCount === primary.desiredCount
      : primary.rolloutState === 'COMPLETED';
  const isAlone = (service.deployments ?? []).every(
    (one) => one === primary || (one.runningCount ?? 0) === 0,
  );
  return isComplete && isAlone
    ? { outcome: 'proven', proof: `the deployment ${id} is completed and no older task is left` }
    : { outcome: 'sent', receipt: id, lookAt: now + LOOK_AGAIN };
}
