import { Duration } from 'aws-cdk-lib';
import { FunctionUrlAuthType, type FunctionUrl } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { IntakeEnv } from '../../../functions/handlers/intake.env.ts';
import { sendTo } from '../queue-permissions.ts';
import { readSecretNamed, useSecretKeys } from '../secret-permissions.ts';
import type { Foundation } from './foundation.ts';
import { KeyturnFunction } from './keyturn-function.ts';

/** GitHub waits ten seconds for an answer. */
const TIMEOUT = Duration.seconds(10);

/**
 * Anybody may call it. Lambda answers 429 to more than ten requests a second for each of these, and they
 * cannot take the account's concurrency away from rotations (AWS Lambda Developer Guide, "Invoking Lambda
 * function URLs", throttling; "Configuring reserved concurrency": 100 have to stay unreserved).
 */
const AT_ONCE = 5;

export interface IntakeProps {
  readonly foundation: Foundation;
  readonly reports: IQueue;
  readonly webhookSecret: string;
}

/**
 * GitHub's webhook. Its URL is public, so it may do two things alone: read the secret that deliveries are
 * signed with, and pass on which alert came.
 */
export class Intake extends Construct {
  readonly function: KeyturnFunction<typeof IntakeEnv>;
  readonly url: FunctionUrl;

  constructor(scope: Construct, id: string, { foundation, reports, webhookSecret }: IntakeProps) {
    super(scope, id);
    this.function = new KeyturnFunction(this, 'Intake', {
      foundation,
      name: foundation.names.part('intake'),
      description: 'Keyturn: alerts of GitHub',
      entry: 'intake.ts',
      handler: 'handler',
      env: IntakeEnv,
      environment: { WEBHOOK_SECRET: webhookSecret, REPORTS_QUEUE_URL: reports.queueUrl },
      timeout: TIMEOUT,
      atOnce: AT_ONCE,
    });
    this.function.allow(
      readSecretNamed(webhookSecret),
      ...useSecretKeys(foundation),
      ...sendTo(foundation.keys.data, [reports]),
    );
    this.url = this.function.fn.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  }
}
