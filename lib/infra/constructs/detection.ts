import { CfnOutput, Duration } from 'aws-cdk-lib';
import { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { DENIED, WATCHED, WATCHED_DENIED } from '../../../functions/core/detection/watched-calls.ts';
import { DetectEnv } from '../../../functions/handlers/detect.env.ts';
import { publishFacts } from '../permissions.ts';
import { describeSecrets } from '../secret-permissions.ts';
import { useTable } from '../table-permissions.ts';
import { commonEnvironment } from './environment.ts';
import type { Foundation } from './foundation.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { readersPath } from './keys.ts';
import { WorkQueue } from './work-queue.ts';

const TIMEOUT = Duration.minutes(2);
/** Events wait so long for others, so that a token read often costs one write a minute. */
const WINDOW = Duration.minutes(1);
const AT_ONCE = 500;
/**
 * Six times the time-out and the window, as Lambda recommends for batches ("Using Lambda with Amazon SQS").
 */
const COMES_BACK = Duration.minutes(13);
const EVENT_RETRY = { tries: 10, age: Duration.hours(6) };

/** What detection needs of the account, said when it is deployed. */
export const DETECTION_NEEDS =
  'Detection sees nothing until a CloudTrail trail in this Region has logging on and logs management ' +
  'events, read events included (ReadWriteType All). ' +
  'The first copy of management events costs nothing; Keyturn makes no trail of its own.';

/** CloudTrail's events about secrets and keys, held against the habits of each token. */
export class Detection extends Construct {
  readonly function: KeyturnFunction<typeof DetectEnv>;
  readonly events: WorkQueue;

  constructor(scope: Construct, id: string, { foundation }: { foundation: Foundation }) {
    super(scope, id);
    const { settings, names, keys } = foundation;
    this.events = new WorkQueue(this, 'Events', {
      foundation,
      name: names.part('trail'),
      consumerTimeout: TIMEOUT,
      comesBackAfter: COMES_BACK,
    });
    this.events.take(this.#rule(), EVENT_RETRY);
    const watched = [...settings.secretKmsKeyArns, keys.data.keyArn, keys.seal.keyArn];
    this.function = new KeyturnFunction(this, 'Detect', {
      foundation,
      name: names.part('detect'),
      description: 'Keyturn: holds reads and changes of tokens against their habits',
      entry: 'detect.ts',
      handler: 'handler',
      env: DetectEnv,
      environment: {
        ...commonEnvironment(foundation),
        ROLE_PATH: readersPath(settings.installation),
        KEYS: watched.join(','),
      },
      timeout: TIMEOUT,
      memorySize: 512,
    });
    this.function.allow(...useTable(foundation, 'detect'), describeSecrets(), publishFacts(foundation));
    this.function.acknowledgeWildcard(
      'Resource::*',
      'Events name secrets as callers do; only DescribeSecret tells which one a name is. It sees no value.',
    );
    this.events.feed(this.function, { batchSize: AT_ONCE, concurrency: 2, window: WINDOW });
    new CfnOutput(this, 'Needs', { value: DETECTION_NEEDS });
  }

  /**
   * Read-only events reach only rules of the default bus in this state (Amazon EventBridge User Guide, "AWS
   * service events delivered via CloudTrail"); CDK knows it by the resource alone.
   */
  #rule(): Rule {
    const done = { eventSource: Object.keys(WATCHED), eventName: namesIn(WATCHED) };
    const denied = {
      eventSource: Object.keys(WATCHED_DENIED),
      eventName: namesIn(WATCHED_DENIED),
      errorCode: DENIED.map((prefix) => ({ prefix })),
    };
    const rule = new Rule(this, 'Called', {
      description: 'A secret was read or changed, or a key was disabled',
      eventPattern: {
        source: ['aws.secretsmanager', 'aws.kms'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: { $or: [done, denied] },
      },
    });
    const resource = rule.node.defaultChild;
    if (!(resource instanceof CfnRule)) throw new TypeError('a Rule is an AWS::Events::Rule');
    resource.state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
    return rule;
  }
}

function namesIn(table: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string[] {
  return Object.values(table).flatMap((names) => Object.keys(names));
}
