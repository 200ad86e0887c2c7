import * as z from 'zod';
import { MINUTE, SECOND, type Instant, type Millis } from '../../../functions/core/basics/time.ts';
import { AwsError } from './errors.ts';
import { operation } from './operation.ts';
import type { Check, Service, World } from './types.ts';

export interface EcsSettings {
  readonly cluster: string;
  readonly service: string;
  readonly tasks?: number;
  readonly controller?: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  /** How long a deployment takes; 2 minutes unless told. */
  readonly rollout?: Millis;
  /** Runs when tasks of a new deployment start: what they read then is what they keep. */
  readonly onStart?: () => void;
}

interface Deployment {
  readonly id: string;
  readonly createdAt: Instant;
  status: 'PRIMARY' | 'ACTIVE';
  rollout: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  running: number;
}

interface EcsService extends EcsSettings {
  deployments: Deployment[];
}

export interface Ecs {
  readonly service: Service;
  /** Adds a service whose tasks run already. */
  add(settings: EcsSettings): void;
  /** From now on, new tasks of the service do not come up; or they do again. */
  breakRollouts(cluster: string, service: string, broken: boolean): void;
}

const Describe = z.strictObject({ cluster: z.string(), services: z.array(z.string()).min(1).max(10) });
const Update = z.strictObject({
  cluster: z.string(),
  service: z.string(),
  forceNewDeployment: z.literal(true),
});

/** The services of all clusters, and their deployments. */
class EcsServices {
  readonly #world: World;
  readonly #services = new Map<string, EcsService>();
  readonly #broken = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  arnOf(key: string): string {
    return `arn:aws:ecs:${this.#world.region}:${this.#world.account}:service/${key}`;
  }

  add(settings: EcsSettings): void {
    const first: Deployment = {
      id: 'ecs-svc/first',
      createdAt: this.#world.clock.now(),
      status: 'PRIMARY',
      rollout: 'COMPLETED',
      running: settings.tasks ?? 1,
    };
    this.#services.set(keyOf(settings.cluster, settings.service), { ...settings, deployments: [first] });
  }

  break(key: string, isBroken: boolean): void {
    if (isBroken) this.#broken.add(key);
    else this.#broken.delete(key);
  }

  /** Errors: ClusterNotFoundException. */
  find(cluster: string, service: string): EcsService | undefined {
    if (![...this.#services.values()].some((one) => one.cluster === cluster))
      throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    return this.#services.get(keyOf(cluster, service));
  }

  /** New tasks come up after a while, and only then the old ones end. */
  deploy(found: EcsService): void {
    const { clock } = this.#world;
    for (const one of found.deployments) one.status = 'ACTIVE';
    const made: Deployment = {
      id: `ecs-svc/${this.#world.uuid().replaceAll('-', '').slice(0, 19)}`,
      createdAt: clock.now(),
      status: 'PRIMARY',
      rollout: 'IN_PROGRESS',
      running: 0,
    };
    found.deployments = [made, ...found.deployments];
    clock.after(found.rollout ?? 2 * MINUTE, () => {
      if (made.status !== 'PRIMARY') return;
      if (this.#broken.has(keyOf(found.cluster, found.service))) {
        made.rollout = 'FAILED';
        return;
      }
      found.onStart?.();
      Object.assign(made, { rollout: 'COMPLETED', running: found.tasks ?? 1 });
      found.deployments = [made];
    });
  }

  shown(found: EcsService): object {
    const desiredCount = found.tasks ?? 1;
    const deployments = found.deployments.map((one) => ({
      id: one.id,
      status: one.status,
      desiredCount,
      runningCount: one.running,
      createdAt: one.createdAt / SECOND,
      rolloutState: one.rollout,
    }));
    const { cluster, service: serviceName } = found;
    return {
      serviceArn: this.arnOf(keyOf(cluster, serviceName)),
      serviceName,
      status: 'ACTIVE',
      desiredCount,
      deploymentController: { type: found.controller ?? 'ECS' },
      deployments,
    };
  }
}

function keyOf(cluster: string, service: string): string {
  return `${cluster}/${service}`;
}

/**
 * Amazon ECS as far as rolling deployments of services go. Source: Amazon ECS API Reference, UpdateService,
 * DescribeServices, Deployment; it carries out no tasks.
 */
export function createEcs(world: World): Ecs {
  const services = new EcsServices(world);
  const on = (action: string, key: string): { resource: string; checks: Check[] } => ({
    resource: services.arnOf(key),
    checks: [{ action: `ecs:${action}`, resource: services.arnOf(key) }],
  });
  const service: Service = new Map([
    operation('DescribeServices', Describe, (input) => ({
      ...on('DescribeServices', keyOf(input.cluster, input.services[0] ?? '')),
      run: () => {
        const known = input.services.map((name) => ({ name, found: services.find(input.cluster, name) }));
        return {
          services: known.flatMap(({ found }) => (found ? [services.shown(found)] : [])),
          failures: known.flatMap(({ name, found }) =>
            found ? [] : [{ arn: services.arnOf(keyOf(input.cluster, name)), reason: 'MISSING' }],
          ),
        };
      },
    })),
    operation('UpdateService', Update, (input) => ({
      ...on('UpdateService', keyOf(input.cluster, input.service)),
      run: () => {
        const found = services.find(input.cluster, input.service);
        if (!found) throw new AwsError('ServiceNotFoundException', 'Service not found.');
        if ((found.controller ?? 'ECS') !== 'ECS')
          throw new AwsError(
            'InvalidParameterException',
            'Cannot force a new deployment on services with a CODE_DEPLOY or EXTERNAL deployment controller.',
          );
        services.deploy(found);
        return { service: services.shown(found) };
      },
    })),
  ]);
  return {
    service,
    add: (settings) => services.add(settings),
    breakRollouts: (cluster, name, isBroken) => services.break(keyOf(cluster, name), isBroken),
  };
}
