import { Aws, Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DETAIL_TYPES, EVENT_SOURCE, TOLD_TO_FOLLOWERS } from '../../../functions/core/findings/events.ts';
import { acknowledge } from '../acknowledge.ts';
import { allow } from '../permissions.ts';
import type { Foundation } from './foundation.ts';
import { InlineRole } from './inline-role.ts';
import { forwardersPath } from './keys.ts';
import { DeadLetterQueue, type WorkQueue } from './work-queue.ts';

/** What a token that follows another has to hear of: how its rotations end, and that it is in trouble. */
const TOLD = [
  { detailType: [DETAIL_TYPES.lifecycle], detail: { what: [...TOLD_TO_FOLLOWERS.lifecycle] } },
  {
    detailType: [DETAIL_TYPES.finding],
    detail: { $or: [{ severity: ['critical'] }, { kind: [...TOLD_TO_FOLLOWERS.findings] }] },
  },
];
const EVENT_RETRY = { tries: 185, age: Duration.hours(24) };

export interface StagingProps {
  readonly foundation: Foundation;
  /** The queue of the function that keeps what is heard. */
  readonly heard: WorkQueue;
}

/**
 * Tells other installations what becomes of the tokens here, and hears it of theirs. Makes nothing unless the
 * settings ask for it.
 */
export class Staging extends Construct {
  constructor(scope: Construct, id: string, { foundation, heard }: StagingProps) {
    super(scope, id);
    const { forwardTo, acceptFrom } = foundation.settings.staging;
    if (forwardTo.length > 0) this.#forward(foundation, forwardTo);
    if (acceptFrom.length > 0) this.#accept(foundation, acceptFrom, heard);
  }

  /** Only what happened here goes on, or two installations that tell each other would never stop. */
  #forward(foundation: Foundation, buses: readonly string[]): void {
    const dead = new DeadLetterQueue(this, 'Dead', { foundation, name: foundation.names.part('staging') });
    acknowledge(
      dead,
      'AwsSolutions-SQS3',
      'It is itself the dead-letter queue of rules, which cdk-nag does not look at; an alarm watches it.',
    );
    const role = new InlineRole(this, 'Role', {
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: 'Keyturn: tells other installations what becomes of tokens',
      path: forwardersPath(foundation.settings.installation),
    });
    role.addToPolicy(allow(['events:PutEvents'], buses));
    for (const [index, told] of TOLD.entries()) {
      const rule = new Rule(this, `Told${index}`, {
        eventBus: foundation.bus,
        description: 'What tokens of other installations wait for',
        eventPattern: { account: [Aws.ACCOUNT_ID], region: [Aws.REGION], source: [EVENT_SOURCE], ...told },
      });
      for (const [place, arn] of buses.entries())
        rule.addTarget({
          bind: () => ({
            id: `Bus${place}`,
            arn,
            role,
            deadLetterConfig: { arn: dead.queueArn },
            retryPolicy: {
              maximumRetryAttempts: EVENT_RETRY.tries,
              maximumEventAgeInSeconds: EVENT_RETRY.age.toSeconds(),
            },
          }),
        });
      const send = allow(['sqs:SendMessage'], [dead.queueArn], {
        ArnEquals: { 'aws:SourceArn': rule.ruleArn },
      });
      send.addPrincipals(new ServicePrincipal('events.amazonaws.com'));
      dead.addToResourcePolicy(send);
    }
  }

  /** The bus's own policy says what the named accounts may put there. */
  #accept(foundation: Foundation, accounts: readonly string[], heard: WorkQueue): void {
    for (const [index, told] of TOLD.entries()) {
      const rule = new Rule(this, `Heard${index}`, {
        eventBus: foundation.bus,
        description: 'What other installations tell of tokens that are followed here',
        eventPattern: { account: [...accounts], source: [EVENT_SOURCE], ...told },
      });
      heard.take(rule, EVENT_RETRY);
    }
  }
}
