import { Aws } from 'aws-cdk-lib';
import { ManagedPolicy, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { allow, useKeyThrough } from '../permissions.ts';
import { deadLettersWildcard, moveBack, sendTo, workersWildcard } from '../queue-permissions.ts';
import { registerSecrets, rotationsWildcard, submitValues } from '../rotation-permissions.ts';
import { listSecrets, secretWildcard, useSecretKeys } from '../secret-permissions.ts';
import { confirmSubscriptions, seeSubscriptions, subscriptionWildcard } from '../topic-permissions.ts';
import { TABLE_KEY_TO_READ, queryIndexes } from '../table-permissions.ts';
import type { WorkQueue } from './work-queue.ts';
import { RECORDS_INDEX, type Foundation } from './foundation.ts';

/**
 * What people may do is IAM: attach these to roles or permission sets. None can read a secret's value, and
 * only the submitter's writes one.
 */
export class People extends Construct {
  /** Sees every token, finding and history. */
  readonly viewer: ManagedPolicy;
  /**
   * Also asks for rotations, rollbacks, revokes and the end of tokens, and whose a leaked credential is;
   * whether they happen is Keyturn's to decide. Moves back what queues gave up.
   */
  readonly operator: ManagedPolicy;
  /**
   * Registers tokens, as `keyturn apply` does: makes secrets, tags them, points them at a rotation function
   * of this installation.
   */
  readonly registrar: ManagedPolicy;
  /**
   * Stores the values that only people can create, beside what an operator may do; there is none where no
   * such issuer is deployed.
   */
  readonly submitter: ManagedPolicy | undefined;

  constructor(
    scope: Construct,
    id: string,
    props: {
      foundation: Foundation;
      requests: IQueue;
      leaks: IFunction;
      /** The issuers whose values people create. */
      byPerson: readonly string[];
      /** Work queues besides those of issuers. */
      others: readonly WorkQueue[];
    },
  ) {
    super(scope, id);
    const { foundation, requests, leaks, byPerson, others } = props;
    const view = viewing(foundation);
    const confirm = confirmSubscriptions(topicsOf(foundation));
    const ask = [
      allow(['sqs:GetQueueUrl'], [requests.queueArn]),
      ...sendTo(foundation.keys.data, [requests]),
      allow(['lambda:InvokeFunction'], [leaks.functionArn]),
    ];
    this.viewer = this.#make('viewer', 'Sees every token, finding and history of Keyturn', foundation, view);
    this.operator = this.#make(
      'operator',
      'Sees all of Keyturn, asks for rotations, rollbacks, revokes and ends, and moves back what was ' +
        'given up',
      foundation,
      [...viewing(foundation), ...ask, confirm, ...moveBack(foundation, others)],
    );
    this.registrar = this.#make(
      'registrar',
      'Registers tokens with Keyturn: makes secrets, tags them, attaches rotation',
      foundation,
      [listSecrets(), ...registerSecrets(foundation)],
    );
    this.submitter = byPerson.length === 0 ? undefined : this.#submitter(foundation, byPerson);
    for (const policy of [this.viewer, this.operator])
      for (const topic of topicsOf(foundation))
        acknowledge(
          policy,
          `AwsSolutions-IAM5[${subscriptionWildcard(topic)}]`,
          'The subscriptions of a topic of Keyturn: only AWS knows their ids.',
        );
    for (const wildcard of [workersWildcard(foundation.names), deadLettersWildcard(foundation.names)])
      acknowledge(
        this.operator,
        `AwsSolutions-IAM5[${wildcard}]`,
        'The queues of the worker functions of this installation, by the rule of their names.',
      );
    acknowledge(
      this.registrar,
      `AwsSolutions-IAM5[${rotationsWildcard(foundation.names)}]`,
      'The rotation functions of this installation, by the rule of their names.',
    );
    acknowledge(
      this.registrar,
      `AwsSolutions-IAM5[${secretWildcard('*')}]`,
      'Tag conditions limit it to secrets of this installation, and to those of no installation.',
    );
  }

  #submitter(foundation: Foundation, byPerson: readonly string[]): ManagedPolicy {
    const policy = this.#make(
      'submitter',
      'Stores values that only people can create, for the next rotation of their secrets',
      foundation,
      [listSecrets(), submitValues(foundation, byPerson), ...useSecretKeys(foundation, 'write')],
    );
    acknowledge(
      policy,
      `AwsSolutions-IAM5[${secretWildcard('*')}]`,
      'Tag conditions limit it to secrets of this installation whose values people create.',
    );
    return policy;
  }

  #make(
    name: string,
    description: string,
    foundation: Foundation,
    statements: PolicyStatement[],
  ): ManagedPolicy {
    // IAM knows no Regions: the name has to tell installations in two Regions apart.
    const policy = new ManagedPolicy(this, name, {
      managedPolicyName: `${foundation.names.part(name)}-${Aws.REGION}`,
      description,
      statements,
    });
    acknowledge(
      policy,
      'AwsSolutions-IAM5[Resource::*]',
      'Listing and describing secrets shows no value and cannot be limited to registered ones before ' +
        'they are known.',
    );
    return policy;
  }
}

/**
 * Also of one that the settings do not ask for: people are told that there is none, not that they may not
 * look.
 */
function topicsOf({ names }: Foundation): string[] {
  return [names.alertTopic, names.chatTopic];
}

function viewing(foundation: Foundation): PolicyStatement[] {
  return [
    allow(
      ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:DescribeTable'],
      [foundation.table.tableArn],
    ),
    queryIndexes(foundation, RECORDS_INDEX),
    useKeyThrough(foundation.keys.data, ['dynamodb'], TABLE_KEY_TO_READ),
    listSecrets(),
    ...seeSubscriptions(topicsOf(foundation)),
  ];
}
