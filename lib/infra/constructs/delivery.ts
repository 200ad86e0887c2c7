import { Aws, Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import {
  CONSUMER_KINDS,
  isDelivered,
  ruleOf,
  type ConsumerKind,
} from '../../../functions/core/consumers/consumer-kinds.ts';
import { DETAIL_TYPES, EVENT_SOURCE } from '../../../functions/core/findings/events.ts';
import { deliverySecretOf } from '../../../functions/core/basics/names.ts';
import { DeliverEnv } from '../../../functions/handlers/deliver.env.ts';
import { allow, publishFacts } from '../permissions.ts';
import {
  describeSecrets,
  readSecretNamed,
  readSecretsOfInstallation,
  secretWildcard,
  useSecretKeys,
  writeTargetSecrets,
} from '../secret-permissions.ts';
import type { Settings } from '../settings.ts';
import { useTable } from '../table-permissions.ts';
import { commonEnvironment } from './environment.ts';
import type { Foundation } from './foundation.ts';
import type { IssuerNetwork } from './issuer-network.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { readersPath } from './keys.ts';
import { WorkQueue } from './work-queue.ts';

const TIMEOUT = Duration.minutes(5);
/** A run brings one token to its consumers; many destinations bear few at once. */
const AT_ONCE = { batchSize: 1, concurrency: 5 };
const WRITTEN_SO = 'The operator wrote it so in the settings.';
/** Lost events do no harm, since the sweep finds what is still to be brought. */
const EVENT_RETRY = { tries: 10, age: Duration.hours(1) };

/** The kinds of consumers that an installation delivers to. */
export function deliveredKinds({ delivery }: Settings): ConsumerKind[] {
  const kinds: readonly string[] = delivery.kinds;
  return CONSUMER_KINDS.options.filter(
    (kind) =>
      isDelivered(kind) &&
      (kinds.includes(kind) ||
        (kind === 'ecs' && delivery.ecs.length > 0) ||
        (kind === 'lambda' && delivery.lambda.length > 0) ||
        (kind === 'secret' && delivery.secret.length > 0)),
  );
}

export interface DeliveryProps {
  readonly foundation: Foundation;
  readonly network: IssuerNetwork;
  readonly kinds: readonly ConsumerKind[];
}

/**
 * Brings new values to consumers: deployed only where the settings name somebody to deliver to, and allowed
 * what those need.
 */
export class Delivery extends Construct {
  readonly function: KeyturnFunction<typeof DeliverEnv>;
  readonly queue: WorkQueue;

  constructor(scope: Construct, id: string, { foundation, network, kinds }: DeliveryProps) {
    super(scope, id);
    const { settings, names } = foundation;
    const { ecs, lambda, secret, hosts } = settings.delivery;
    this.function = new KeyturnFunction(this, 'Deliver', {
      foundation,
      name: names.part('deliver'),
      description: 'Keyturn: brings new values to consumers',
      entry: 'deliver.ts',
      handler: 'handler',
      env: DeliverEnv,
      environment: {
        ...commonEnvironment(foundation),
        DELIVERY_KINDS: kinds.join(','),
        ECS_GRANTS: JSON.stringify(ecs),
        LAMBDA_GRANTS: JSON.stringify(lambda),
        SECRET_GRANTS: JSON.stringify(secret),
        DELIVERY_HOSTS: hosts.join(','),
      },
      timeout: TIMEOUT,
      rolePath: readersPath(foundation.settings.installation),
      network,
    });
    this.queue = new WorkQueue(this, 'Deliveries', {
      foundation,
      name: names.part('deliver'),
      consumerTimeout: TIMEOUT,
      comesBackAfter: TIMEOUT.plus(Duration.minutes(1)),
    });
    this.queue.feed(this.function, AT_ONCE);
    this.queue.take(this.#promotions(foundation), EVENT_RETRY);
    this.#allow(foundation, kinds);
  }

  /** So that consumers need not wait for the next sweep. */
  #promotions({ bus }: Foundation): Rule {
    return new Rule(this, 'Promoted', {
      eventBus: bus,
      description: 'A token has a new current value',
      eventPattern: {
        account: [Aws.ACCOUNT_ID],
        source: [EVENT_SOURCE],
        detailType: [DETAIL_TYPES.lifecycle],
        detail: { what: ['rotated', 'rolled-back'] },
      },
    });
  }

  #allow(foundation: Foundation, kinds: readonly ConsumerKind[]): void {
    const { ecs, lambda, secret } = foundation.settings.delivery;
    this.function.allow(...useTable(foundation, 'deliver'), describeSecrets(), publishFacts(foundation));
    this.function.acknowledgeWildcard(
      'Resource::*',
      'DescribeSecret shows no value, and tells whether a version is still current.',
    );
    for (const kind of kinds.filter(hasDestinations))
      this.function.allow(readSecretNamed(deliverySecretOf(kind)), ...useSecretKeys(foundation));
    if (kinds.some((kind) => ruleOf(kind).delivery === 'value')) {
      this.function.allow(...readSecretsOfInstallation(foundation), ...useSecretKeys(foundation));
      this.function.acknowledgeWildcard(
        secretWildcard('*'),
        'A tag condition limits it to secrets registered with this installation; where a value may go, ' +
          'the delivery secrets say.',
      );
    }
    this.#reach(
      'ecs',
      ['ecs:DescribeServices', 'ecs:UpdateService'],
      ecs.map((grant) => `service/${grant.target}`),
    );
    this.#reach(
      'lambda',
      ['lambda:InvokeFunction'],
      lambda.map((grant) => `function:${grant.target}`),
    );
    this.#write(foundation, secret);
  }

  #write(foundation: Foundation, grants: Settings['delivery']['secret']): void {
    if (grants.length === 0) return;
    const names = [...new Set(grants.map(({ target }) => secretNameIn(target)))];
    this.function.allow(writeTargetSecrets(names), ...useSecretKeys(foundation, 'write'));
    for (const name of names.filter((one) => one.endsWith('*')))
      this.function.acknowledgeWildcard(secretWildcard(name), WRITTEN_SO);
  }

  #reach(service: string, actions: readonly string[], resources: readonly string[]): void {
    if (resources.length === 0) return;
    const named = [...new Set(resources)];
    this.function.allow(
      allow(
        actions,
        named.map(
          (resource) => `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`,
        ),
      ),
    );
    for (const resource of named.filter((one) => one.endsWith('*')))
      this.function.acknowledgeWildcard(
        `Resource::arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`,
        WRITTEN_SO,
      );
  }
}

/** Kinds whose destinations stand in a secret, with their credentials. */
function hasDestinations(kind: ConsumerKind): boolean {
  return kind !== 'ecs' && kind !== 'lambda' && kind !== 'secret' && kind !== 'event';
}

/** The name of the secret in the target of a grant, or the start of names; which field, IAM cannot tell. */
function secretNameIn(target: string): string {
  return target.split(':')[0] ?? target;
}
