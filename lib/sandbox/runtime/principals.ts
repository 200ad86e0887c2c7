import { createHash } from 'node:crypto';
import type { PolicyDocument, Principal } from '../aws/types.ts';
import type { Template } from './template.ts';
import type { Roles } from './roles.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Made-up credentials that are the same for the same name. The sandbox tells callers apart by the key id and
 * checks no signature.
 */
export function credentialsFor(name: string): Credentials {
  const hash = createHash('sha256').update(`keyturn sandbox/${name}`).digest('hex');
  return {
    accessKeyId: `ASIA${hash.slice(0, 16).toUpperCase()}`,
    secretAccessKey: hash.slice(16, 56),
    sessionToken: `sandbox-${hash.slice(56)}`,
  };
}

/** Who operates Keyturn in the sandbox, and who reads its tokens. */
export type Person = 'operator' | 'reader';

/** The credentials of a person. No function has a name with a slash, so none has the same. */
export function credentialsOf(person: Person): Credentials {
  return credentialsFor(`people/${person}`);
}

/** A consumer: it reads every secret but those that Keyturn itself works with, and may do nothing else. */
export function readerOf({ account, region }: { account: string; region: string }): Principal {
  const secrets = `arn:aws:secretsmanager:${region}:${account}:secret`;
  const Action = ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'];
  return {
    kind: 'role',
    name: 'reader',
    session: 'you',
    policies: [
      {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action, Resource: `${secrets}:*` },
          { Effect: 'Deny', Action, Resource: `${secrets}:keyturn/*` },
        ],
      },
    ],
  };
}

/**
 * What a person who sets tokens up may do beside the stack's operator policy: everything about secrets but
 * reading them.
 */
const SET_UP: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['Create', 'Delete', 'Describe', 'List', 'Restore', 'Rotate', 'Update']
        .map((verb) => `secretsmanager:${verb}Secret*`)
        .concat(
          'secretsmanager:TagResource',
          'secretsmanager:UntagResource',
          'secretsmanager:PutSecretValue',
          'secretsmanager:CancelRotateSecret',
        ),
      Resource: '*',
    },
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' },
  ],
};

/**
 * What the pages ask of whoever looks after the account, beside the stack's own policies: in an account, its
 * administrators may do that.
 */
const LOOK_AFTER: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: [
        'cloudtrail:GetEventSelectors',
        'cloudtrail:GetTrailStatus',
        'cloudtrail:StartLogging',
        'dynamodb:DeleteItem',
        'dynamodb:DeleteTable',
        'dynamodb:UpdateTable',
        'events:DescribeRule',
        'events:ListRules',
        'events:PutEvents',
        'events:PutRule',
        'kms:CancelKeyDeletion',
        'kms:EnableKey',
        'kms:ScheduleKeyDeletion',
        'lambda:ListEventSourceMappings',
        'logs:FilterLogEvents',
        'scheduler:GetSchedule',
        'secretsmanager:GetResourcePolicy',
        'secretsmanager:ReplicateSecretToRegions',
        'secretsmanager:UpdateSecretVersionStage',
        'sns:ListSubscriptionsByTopic',
        'sns:Subscribe',
        'sns:Unsubscribe',
        'sqs:ListQueues',
      ],
      Resource: '*',
    },
  ],
};

/** A person with the stack's operator policy, where the stack has one. */
export function operatorOf(template: Template, roles: Roles): Principal {
  const arn = [...template.outputs].find(([name]) => name.endsWith('OperatorPolicyArn'))?.[1];
  return {
    kind: 'role',
    name: 'operator',
    session: 'you',
    policies: [SET_UP, LOOK_AFTER, ...(arn === undefined ? [] : [roles.managed(arn)])],
  };
}
