import { Aws, Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { HEALTH_SIGNAL } from '../../../functions/core/findings/events.ts';
import { HealthEnv } from '../../../functions/handlers/health.env.ts';
import { allow } from '../permissions.ts';
import { useTable } from '../table-permissions.ts';
import type { ControlProps } from './control.ts';
import { workerQueues, commonEnvironment } from './environment.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { letGiveCommands } from './senders.ts';
import { WorkQueue } from './work-queue.ts';

const TIMEOUT = Duration.minutes(1);

/** A signal that is an hour old is no reason any more to change what consumers use. */
const EVENT_RETRY = { tries: 60, age: Duration.hours(1) };

/**
 * Hears of alarms that go off, and of the account's own signals, and asks for the previous credential of
 * tokens that watch them.
 */
export class Health extends Construct {
  readonly function: KeyturnFunction<typeof HealthEnv>;
  readonly signals: WorkQueue;

  constructor(scope: Construct, id: string, { foundation, senders, requests }: ControlProps) {
    super(scope, id);
    const name = foundation.names.part('health');
    const { BUS_NAME: _, ...environment } = commonEnvironment(foundation);
    this.function = new KeyturnFunction(this, 'Health', {
      foundation,
      name,
      description: 'Keyturn: heeds health signals after promotions',
      role: senders.roles.health,
      entry: 'health.ts',
      handler: 'handler',
      env: HealthEnv,
      environment: { ...environment, WORKER_QUEUES: workerQueues(foundation, requests) },
      timeout: TIMEOUT,
    });
    letGiveCommands(this.function, foundation);
    this.function.allow(...useTable(foundation, 'health'), allow(['cloudwatch:DescribeAlarms'], ['*']));
    this.function.acknowledgeWildcard(
      'Resource::*',
      'A narrower permission shows no composite alarms (CloudWatch API reference, DescribeAlarms); it ' +
        'sees the state of alarms and changes nothing.',
    );
    this.signals = new WorkQueue(this, 'Signals', { foundation, name, consumerTimeout: TIMEOUT });
    this.signals.feed(this.function, { batchSize: 10, concurrency: 2 });
    this.signals.take(this.#onAlarm(), EVENT_RETRY);
    this.signals.take(this.#onSignal(foundation), EVENT_RETRY);
  }

  #onAlarm(): Rule {
    return new Rule(this, 'AlarmWentOff', {
      description: 'An alarm of CloudWatch went off',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        detail: { state: { value: ['ALARM'] } },
      },
    });
  }

  /** From this account only, whoever else may put events on the bus. */
  #onSignal({ bus }: ControlProps['foundation']): Rule {
    return new Rule(this, 'SignalFired', {
      eventBus: bus,
      description: "A health signal of this account's own fired",
      eventPattern: { account: [Aws.ACCOUNT_ID], detailType: [HEALTH_SIGNAL], detail: { state: ['ALARM'] } },
    });
  }
}
