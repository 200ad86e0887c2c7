import { Aws, Duration } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { allow } from '../permissions.ts';
import { sendTo } from '../queue-permissions.ts';
import type { Foundation } from './foundation.ts';
import { InlineRole } from './inline-role.ts';
import { DeadLetterQueue } from './work-queue.ts';

export interface RepeatProps {
  readonly foundation: Foundation;
  readonly name: string;
  readonly fn: IFunction;
  readonly minutes: number;
}

/** Invokes a function again and again. Few retries: the next run comes soon and does the same. */
export class Repeat extends Construct {
  readonly dead: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: RepeatProps) {
    super(scope, id);
    const { foundation, fn } = props;
    this.dead = new DeadLetterQueue(this, 'Dead', { foundation, name: `${props.name}-schedule` });
    acknowledge(
      this.dead,
      'AwsSolutions-SQS3',
      'It is itself the dead-letter queue of a schedule, which cdk-nag does not look at; an alarm ' +
        'watches it.',
    );
    const role = new InlineRole(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: `Invokes ${props.name}`,
    });
    role.addToPolicy(allow(['lambda:InvokeFunction'], [fn.functionArn]));
    for (const statement of sendTo(foundation.keys.data, [this.dead])) role.addToPolicy(statement);
    new Schedule(this, 'Schedule', {
      scheduleName: props.name,
      schedule: ScheduleExpression.rate(Duration.minutes(props.minutes)),
      target: new LambdaInvoke(fn, {
        // CDK would also allow every version and alias of the function; what is needed stands above.
        role: role.withoutPolicyUpdates(),
        input: ScheduleTargetInput.fromObject({ source: 'keyturn.schedule' }),
        deadLetterQueue: this.dead,
        retryAttempts: 2,
        maxEventAge: Duration.minutes(Math.max(1, Math.min(props.minutes, 60))),
      }),
    });
  }
}
