import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { LeaksEnv } from '../../../functions/handlers/leaks.env.ts';
import { publishFacts, seal } from '../permissions.ts';
import { readSecretNamed, useSecretKeys } from '../secret-permissions.ts';
import { minutesOf } from '../settings/notation.ts';
import { useTable } from '../table-permissions.ts';
import type { ControlProps } from './control.ts';
import { workerQueues, commonEnvironment } from './environment.ts';
import { Intake } from './intake.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { letGiveCommands } from './senders.ts';
import { WorkQueue } from './work-queue.ts';

const TIMEOUT = Duration.minutes(1);
/** A report that could not be delivered for a day is old news. */
const EVENT_RETRY = { tries: 50, age: Duration.hours(24) };

/** Says whose a leaked credential is, and starts the answer to what scanners report. It reads no secret. */
export class Leaks extends Construct {
  readonly function: KeyturnFunction<typeof LeaksEnv>;
  readonly reports: WorkQueue;
  readonly intake: Intake | undefined;

  constructor(scope: Construct, id: string, { foundation, senders, requests }: ControlProps) {
    super(scope, id);
    const { settings } = foundation;
    const name = foundation.names.part('leaks');
    this.function = new KeyturnFunction(this, 'Leaks', {
      foundation,
      name,
      description: 'Keyturn: whose a leaked credential is',
      role: senders.roles.leaks,
      entry: 'leaks.ts',
      handler: 'handler',
      env: LeaksEnv,
      environment: {
        ...commonEnvironment(foundation),
        WORKER_QUEUES: workerQueues(foundation, requests),
        HMAC_KEY_ID: foundation.keys.seal.keyArn,
        RATE_LIMIT_MAX: String(settings.leaks.rateLimit.max),
        RATE_LIMIT_MINUTES: String(minutesOf(settings.leaks.rateLimit.per)),
        GITHUB_API_URL: settings.leaks.github?.apiUrl ?? '',
        GITHUB_TOKEN_SECRET: settings.leaks.github?.tokenSecret ?? '',
      },
      timeout: TIMEOUT,
    });
    letGiveCommands(this.function, foundation);
    this.function.allow(...useTable(foundation, 'leaks'), seal(foundation), publishFacts(foundation));
    this.reports = new WorkQueue(this, 'Reports', { foundation, name, consumerTimeout: TIMEOUT });
    this.reports.feed(this.function, { batchSize: 10, concurrency: 2 });
    if (settings.leaks.sources.length > 0) this.#listen(settings.leaks.sources);
    const { github } = settings.leaks;
    if (!github) return;
    this.function.allow(readSecretNamed(github.tokenSecret), ...useSecretKeys(foundation));
    this.intake = new Intake(this, 'Intake', {
      foundation,
      reports: this.reports.queue,
      webhookSecret: github.webhookSecret,
    });
  }

  /** Scanners of the operator's own put events on the account's bus. */
  #listen(sources: readonly string[]): void {
    const leaked = new Rule(this, 'Leaked', {
      description: 'A scanner found a credential where it should not be',
      eventPattern: { source: [...sources], detailType: ['Credential Leaked'] },
    });
    this.reports.take(leaked, EVENT_RETRY);
  }
}
