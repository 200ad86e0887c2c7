import { Aws, Duration } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { adminPrefixOf } from '../../../functions/core/basics/names.ts';
import { creationEnds } from '../../../functions/core/issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { WorkerEnv } from '../../../functions/handlers/worker.env.ts';
import type { ProviderEnv } from '../../../functions/handlers/provider.env.ts';
import { RotateEnv } from '../../../functions/handlers/rotate.env.ts';
import { bearingOf, type Bearing } from '../issuer-limits.ts';
import { publishFacts, seal } from '../permissions.ts';
import { sendTo } from '../queue-permissions.ts';
import { rotateSecretsOf, startRotations, stopRotations } from '../rotation-permissions.ts';
import {
  describeSecrets,
  readAdminSecrets,
  readSecretsOf,
  secretWildcard,
  useSecretKeys,
} from '../secret-permissions.ts';
import { useTable } from '../table-permissions.ts';
import { entryOf, type Foundation } from './foundation.ts';
import type { IssuerNetwork } from './issuer-network.ts';
import { sealersPath } from './keys.ts';
import { commonEnvironment } from './environment.ts';
import { type EnvironmentOf, KeyturnFunction, functionLog } from './keyturn-function.ts';
import type { Senders } from './senders.ts';
import { WorkQueue } from './work-queue.ts';

const ROTATE_TIMEOUT = Duration.minutes(10);
const ACT_TIMEOUT = Duration.minutes(5);

/**
 * One command an invocation: a slow issuer holds up no other token, and a crash repeats nobody else's
 * command.
 */
const COMMANDS_AT_ONCE = 1;

/**
 * A failed command has to come back while it is valid. Lambda recommends six times the time-out, so that it
 * can repeat a batch that was throttled before its messages show again ("Using Lambda with Amazon SQS");
 * here a batch is one message, and a command that comes twice changes nothing.
 */
const COMMAND_COMES_BACK = ACT_TIMEOUT.plus(Duration.minutes(1));

export interface ProviderFunctionsProps {
  readonly foundation: Foundation;
  readonly descriptor: ProviderDescriptor;
  readonly network: IssuerNetwork;
  /** Who gives commands beside this provider's own `rotate`. */
  readonly senders: Senders;
}

/**
 * One provider's two functions, from one bundle but with two roles: callers of RotateSecret have to be
 * allowed to invoke `rotate`, so it must not be the function that takes commands. They share a log: its
 * streams tell them apart (AWS Lambda developer guide, "Configuring CloudWatch log groups").
 */
export class ProviderFunctions extends Construct {
  readonly rotate: KeyturnFunction<typeof RotateEnv>;
  readonly worker: KeyturnFunction<typeof WorkerEnv>;
  readonly commands: WorkQueue;
  readonly bearing: Bearing;

  constructor(scope: Construct, id: string, props: ProviderFunctionsProps) {
    super(scope, id);
    const { foundation, descriptor, network, senders } = props;
    this.bearing = bearingOf(foundation.settings, descriptor);
    this.commands = new WorkQueue(this, 'Commands', {
      foundation,
      name: foundation.names.worker(descriptor.id),
      consumerTimeout: ACT_TIMEOUT,
      comesBackAfter: COMMAND_COMES_BACK,
      isTlsShared: true,
    });
    const environment = environmentOf(foundation, descriptor.id);
    const common = {
      foundation,
      network,
      entry: entryOf(descriptor),
      rolePath: sealersPath(foundation.settings.installation),
      log: functionLog(this, foundation, foundation.names.issuerLog(descriptor.id)),
    } as const;
    this.rotate = new KeyturnFunction(this, 'Rotate', {
      ...common,
      name: foundation.names.rotate(descriptor.id),
      description: `Keyturn: the four steps of a rotation, ${descriptor.title}`,
      handler: 'rotate',
      env: RotateEnv,
      environment: { ...environment, WORKER_QUEUE: this.commands.queue.queueUrl },
      timeout: ROTATE_TIMEOUT,
    });
    this.worker = new KeyturnFunction(this, 'Worker', {
      ...common,
      name: foundation.names.worker(descriptor.id),
      description: `Keyturn: commands about tokens, ${descriptor.title}`,
      handler: 'worker',
      env: WorkerEnv,
      environment: {
        ...environment,
        COMMANDS_ARN: this.commands.queue.queueArn,
        SENDERS: senders.idsFor(this.rotate.role),
      },
      timeout: ACT_TIMEOUT,
    });
    this.commands.feed(this.worker, {
      batchSize: COMMANDS_AT_ONCE,
      concurrency: this.bearing.maxConcurrency,
    });
    this.#letSecretsManagerRotate();
    this.#allow(foundation, descriptor);
  }

  /** One permission for the whole account: one for each secret would overflow the function's policy. */
  #letSecretsManagerRotate(): void {
    this.rotate.fn.addPermission('SecretsManager', {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: Aws.ACCOUNT_ID,
    });
  }

  #allow(foundation: Foundation, descriptor: ProviderDescriptor): void {
    const provider = descriptor.id;
    this.rotate.allow(
      ...useTable(foundation, 'rotate', alsoReads(descriptor)),
      ...sendTo(foundation.keys.data, [this.commands.queue]),
    );
    this.worker.allow(...useTable(foundation, 'worker', ['DescribeTable']));
    this.worker.allow(...startRotations(foundation, provider), stopRotations(foundation, provider));
    this.rotate.allow(...rotateSecretsOf(foundation, provider), ...useSecretKeys(foundation, 'write'));
    this.worker.allow(describeSecrets(), readSecretsOf(foundation, provider), ...useSecretKeys(foundation));
    this.worker.acknowledgeWildcard(
      'Resource::*',
      'DescribeSecret shows no value, and tells what became of a secret whose tags are gone.',
    );
    for (const fn of [this.rotate, this.worker]) {
      fn.allow(readAdminSecrets(provider), seal(foundation), publishFacts(foundation));
      fn.acknowledgeWildcard(
        secretWildcard('*'),
        'Tag conditions limit it to secrets registered for this provider and installation.',
      );
      fn.acknowledgeWildcard(
        secretWildcard(`${adminPrefixOf(provider)}/*`),
        'The admin secrets of this provider, of which there may be several.',
      );
    }
  }
}

/**
 * Where a rotation asks which other tokens have a value: before a creation that ends one, and of a value that
 * a person submitted. The guard also wants to know of which table a pass of reconcile was.
 */
function alsoReads(descriptor: ProviderDescriptor): readonly string[] {
  if (creationEnds(descriptor)) return ['Query', 'DescribeTable'];
  return descriptor.value === 'person' ? ['Query'] : [];
}

function environmentOf(foundation: Foundation, provider: string): EnvironmentOf<typeof ProviderEnv> {
  return {
    ...commonEnvironment(foundation),
    KEYTURN_PROVIDER: provider,
    ADMIN_PREFIX: adminPrefixOf(provider),
    HMAC_KEY_ID: foundation.keys.seal.keyArn,
    ALLOWED_HOSTS: (foundation.settings.issuers[provider]?.allowedHosts ?? []).join(','),
  };
}
