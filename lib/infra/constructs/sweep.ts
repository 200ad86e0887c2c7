import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { SweepEnv } from '../../../functions/handlers/sweep.env.ts';
import { publishFacts } from '../permissions.ts';
import { rotationsWildcard, startRotations } from '../rotation-permissions.ts';
import { describeSecrets, secretWildcard } from '../secret-permissions.ts';
import { minutesOf } from '../settings/notation.ts';
import { queryIndexes, useTable } from '../table-permissions.ts';
import type { ControlProps } from './control.ts';
import { deliveredKinds, type Delivery } from './delivery.ts';
import { workerQueues, commonEnvironment, issuerLimits } from './environment.ts';
import { DUE_INDEX, ROTATIONS_INDEX } from './foundation.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { Repeat } from './schedule.ts';
import { letGiveCommands } from './senders.ts';

const TIMEOUT = Duration.minutes(5);

export interface SweepProps extends ControlProps {
  /** Who brings new values to consumers, if anybody does. */
  readonly delivery: Delivery | undefined;
}

/** Starts what is due. */
export class Sweep extends Construct {
  readonly function: KeyturnFunction<typeof SweepEnv>;
  readonly repeat: Repeat;

  constructor(
    scope: Construct,
    id: string,
    { foundation, providers, senders, delivery, requests }: SweepProps,
  ) {
    super(scope, id);
    const name = foundation.names.part('sweep');
    const kinds = delivery ? deliveredKinds(foundation.settings).join(',') : '';
    this.function = new KeyturnFunction(this, 'Sweep', {
      foundation,
      name,
      description: 'Keyturn: starts what is due',
      role: senders.roles.sweep,
      entry: 'sweep.ts',
      handler: 'handler',
      env: SweepEnv,
      environment: {
        ...commonEnvironment(foundation),
        WORKER_QUEUES: workerQueues(foundation, requests),
        DELIVERY_QUEUE: delivery?.queue.queue.queueUrl ?? '',
        DELIVERY_KINDS: kinds,
        ISSUER_LIMITS: issuerLimits(providers),
        ROTATIONS_AT_ONCE: String(foundation.settings.maxConcurrentRotations),
      },
      timeout: TIMEOUT,
      memorySize: 512,
    });
    letGiveCommands(this.function, foundation, delivery ? [delivery.queue.queue] : []);
    this.function.allow(
      ...useTable(foundation, 'sweep'),
      queryIndexes(foundation, DUE_INDEX, ROTATIONS_INDEX),
      describeSecrets(),
      ...startRotations(foundation, undefined),
      publishFacts(foundation),
    );
    this.function.acknowledgeWildcard(
      'Resource::*',
      'When Secrets Manager refuses a rotation it looks up why, also where the tags are gone; it sees ' +
        'no value.',
    );
    this.function.acknowledgeWildcard(
      rotationsWildcard(foundation.names),
      'The rotation functions of this installation, by the rule of their names.',
    );
    this.function.acknowledgeWildcard(
      secretWildcard('*'),
      'A tag condition limits it to secrets registered with this installation.',
    );
    this.repeat = new Repeat(this, 'Repeat', {
      foundation,
      name,
      fn: this.function.fn,
      minutes: minutesOf(foundation.settings.sweepInterval),
    });
  }
}
