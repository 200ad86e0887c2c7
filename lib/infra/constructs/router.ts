import { Duration } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { RouterEnv } from '../../../functions/handlers/router.env.ts';
import { useTable } from '../table-permissions.ts';
import { workerQueues, commonEnvironment } from './environment.ts';
import type { Foundation } from './foundation.ts';
import { rolesOfKeyturn } from './keys.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { letGiveCommands, type Senders } from './senders.ts';
import { WorkQueue } from './work-queue.ts';

const TIMEOUT = Duration.seconds(30);
/** Soon: the worker function has to try a request as often while it is still valid. */
const COMES_BACK = TIMEOUT.plus(Duration.minutes(1));

export interface RouterProps {
  readonly foundation: Foundation;
  readonly senders: Senders;
}

/**
 * The one queue for what people ask, which no function of Keyturn may send to, and the function that hands it
 * on with who asked.
 */
export class Router extends Construct {
  readonly function: KeyturnFunction<typeof RouterEnv>;
  readonly requests: WorkQueue;

  constructor(scope: Construct, id: string, { foundation, senders }: RouterProps) {
    super(scope, id);
    this.requests = new WorkQueue(this, 'Requests', {
      foundation,
      name: foundation.names.requests,
      consumerTimeout: TIMEOUT,
      comesBackAfter: COMES_BACK,
    });
    const { BUS_NAME: _bus, POLICY_DEFAULTS: _policies, ...environment } = commonEnvironment(foundation);
    this.function = new KeyturnFunction(this, 'Router', {
      foundation,
      name: foundation.names.part('router'),
      description: 'Keyturn: hands on what people ask for',
      entry: 'router.ts',
      handler: 'handler',
      env: RouterEnv,
      environment: { ...environment, WORKER_QUEUES: workerQueues(foundation, this.requests) },
      timeout: TIMEOUT,
      role: senders.roles.router,
    });
    letGiveCommands(this.function, foundation);
    this.function.allow(...useTable(foundation, 'router'));
    this.requests.feed(this.function, { batchSize: 1, concurrency: 2 });
    this.requests.queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'PeopleOnly',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['sqs:SendMessage'],
        resources: [this.requests.queue.queueArn],
        conditions: {
          ArnLike: { 'aws:PrincipalArn': rolesOfKeyturn(this, foundation.settings.installation) },
        },
      }),
    );
  }
}
