import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { adminPrefixOf, deliverySecretOf } from '../../functions/core/basics/names.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import type { Foundation } from './constructs/foundation.ts';

/**
 * Statements are written out rather than taken from the grants of CDK, which allow more than is used.
 * test/infra/permissions.test.ts holds the whole of each role.
 */
export function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions: Record<string, Record<string, string | string[]>> = {},
): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources], conditions });
}

function secretArn(name: string): string {
  return `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${name}`;
}

/** How cdk-nag names the finding that a statement about secrets of such a name has a wildcard. */
export function secretWildcard(name: string): string {
  return `Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${name}`;
}

const tagged = (tag: string): string => `secretsmanager:ResourceTag/${tag}`;

/** Use of a key through AWS services only, never directly. */
export function useKeyThrough(
  key: IKey,
  services: readonly string[],
  actions: readonly string[],
): PolicyStatement {
  return allow(actions, [key.keyArn], {
    StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${Aws.REGION}.amazonaws.com`) },
  });
}

const WRITE_KEY = ['kms:Decrypt', 'kms:GenerateDataKey'];

export function publishFacts(scope: Foundation): PolicyStatement {
  return allow(['events:PutEvents'], [scope.bus.eventBusArn]);
}

/** Metadata of every secret, so that a rotation of one that is not registered fails with a sentence naming the tag it lacks. */
export function describeSecrets(): PolicyStatement {
  return allow(['secretsmanager:DescribeSecret'], ['*']);
}

/** The same for people, who also look for secrets. */
export function listSecrets(): PolicyStatement {
  return allow(['secretsmanager:DescribeSecret', 'secretsmanager:ListSecrets'], ['*']);
}

/** Of the secrets registered for one provider of this installation; nobody else's, whatever a caller names. */
function registeredFor({ settings }: Foundation, provider: string): Record<string, string> {
  return { [tagged(TAGS.installation)]: settings.installation, [tagged(TAGS.issuer)]: provider };
}

/** Values and labels of them; new values only `rotate` writes. */
export function readSecretsOf(scope: Foundation, provider: string): PolicyStatement {
  return allow(
    ['secretsmanager:GetSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
    [secretArn('*')],
    { StringEquals: registeredFor(scope, provider) },
  );
}

/**
 * What a rotation does, with secrets that this very function rotates (Secrets Manager user guide, "Lambda rotation function execution role permissions"; service authorization
 * reference, `secretsmanager:resource/AllowRotationLambdaArn`). It may describe one that is not registered, so that its rotation fails with a sentence naming the tag it lacks.
 */
export function rotateSecretsOf(scope: Foundation, provider: string): PolicyStatement[] {
  const rotatedHere = {
    ArnEquals: {
      'secretsmanager:resource/AllowRotationLambdaArn': functionArn(scope.names.rotate(provider)),
    },
  };
  return [
    allow(['secretsmanager:DescribeSecret'], [secretArn('*')], rotatedHere),
    allow(
      [
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      [secretArn('*')],
      { StringEquals: registeredFor(scope, provider), ...rotatedHere },
    ),
  ];
}

/** By name: a role's policy cannot wait for a function that waits for the policy. */
function functionArn(name: string): string {
  return `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${name}`;
}

/** Secrets Manager ends each ARN with a hyphen and six characters of its own. */
export function readAdminSecrets(provider: string): PolicyStatement {
  const prefix = adminPrefixOf(provider);
  return allow(['secretsmanager:GetSecretValue'], [secretArn(`${prefix}-??????`), secretArn(`${prefix}/*`)]);
}

/** Values of every secret registered with this installation, whoever its issuer is; never of one that holds admin credentials, registered or not: with those, new ones are made. */
export function readSecretsOfInstallation(scope: Foundation): PolicyStatement[] {
  return [
    allow(['secretsmanager:GetSecretValue'], [secretArn('*')], {
      StringEquals: { [tagged(TAGS.installation)]: scope.settings.installation },
    }),
    new PolicyStatement({
      effect: Effect.DENY,
      actions: ['secretsmanager:GetSecretValue'],
      resources: [secretArn(adminPrefixOf('*'))],
    }),
  ];
}

export function readSecretNamed(name: string): PolicyStatement {
  return allow(['secretsmanager:GetSecretValue'], [secretArn(`${name}-??????`)]);
}

/** Starts rotations; `provider` undefined means of any provider. The caller of RotateSecret has to be allowed to invoke the function itself. */
export function startRotations(
  scope: Foundation,
  provider: string | undefined,
  rotate: readonly IFunction[],
): PolicyStatement[] {
  const tags = {
    [tagged(TAGS.installation)]: scope.settings.installation,
    ...(provider === undefined ? {} : { [tagged(TAGS.issuer)]: provider }),
  };
  return [
    allow(['secretsmanager:RotateSecret'], [secretArn('*')], { StringEquals: tags }),
    allow(
      ['lambda:InvokeFunction'],
      rotate.map((fn) => fn.functionArn),
    ),
  ];
}

/** Switches rotation off, for a token that a person ends or lets go. */
export function stopRotations(scope: Foundation, provider: string): PolicyStatement {
  return allow(['secretsmanager:CancelRotateSecret'], [secretArn('*')], {
    StringEquals: {
      [tagged(TAGS.installation)]: scope.settings.installation,
      [tagged(TAGS.issuer)]: provider,
    },
  });
}

/**
 * Makes and tags secrets of this installation and attaches its own rotation functions to them, nothing else: a secret of
 * another installation stays its own, and tags that are not Keyturn's, which may decide over other accesses, stay as they are.
 */
export function registerSecrets(scope: Foundation, rotate: readonly IFunction[]): PolicyStatement[] {
  const { installation } = scope.settings;
  const registered = { [tagged(TAGS.installation)]: installation };
  const registers = { [`aws:RequestTag/${TAGS.installation}`]: installation };
  const ourTags = { 'ForAllValues:StringLike': { 'aws:TagKeys': 'keyturn:*' } };
  const isNobodys = { Null: { [tagged(TAGS.installation)]: 'true' } };
  // Whoever could make an admin secret, and name it in a token's tag, or a delivery secret, would have the token's value sent to a host of their choice.
  // Who may register an admin secret as a token is for those to say who may make one.
  const leaveAdminSecrets = new PolicyStatement({
    effect: Effect.DENY,
    actions: ['secretsmanager:TagResource', 'secretsmanager:UntagResource', 'secretsmanager:RotateSecret'],
    resources: [secretArn(adminPrefixOf('*')), secretArn(deliverySecretOf('*'))],
  });
  const noAdminSecret = {
    StringNotLike: { 'secretsmanager:Name': [adminPrefixOf('*'), deliverySecretOf('*')] },
  };
  return [
    leaveAdminSecrets,
    allow(['secretsmanager:CreateSecret'], [secretArn('*')], {
      StringEquals: registers,
      ...ourTags,
      ...noAdminSecret,
    }),
    allow(['secretsmanager:TagResource'], [secretArn('*')], {
      StringEquals: registers,
      ...ourTags,
      ...isNobodys,
    }),
    allow(['secretsmanager:TagResource'], [secretArn('*')], {
      StringEquals: registered,
      StringEqualsIfExists: registers,
      ...ourTags,
    }),
    allow(['secretsmanager:UntagResource'], [secretArn('*')], {
      StringEquals: registered,
      'ForAllValues:StringNotEquals': { 'aws:TagKeys': TAGS.installation },
      ...ourTags,
    }),
    allow(['secretsmanager:RotateSecret'], [secretArn('*')], {
      StringEquals: registered,
      ArnEquals: { 'secretsmanager:RotationLambdaARN': rotate.map((fn) => fn.functionArn) },
    }),
    allow(
      ['lambda:InvokeFunction'],
      rotate.map((fn) => fn.functionArn),
    ),
  ];
}

export function seal(scope: Foundation): PolicyStatement {
  return allow(['kms:GenerateMac'], [scope.keys.seal.keyArn], {
    StringEquals: { 'kms:MacAlgorithm': 'HMAC_SHA_256' },
  });
}

/** Keys of customers under which secrets are stored, through Secrets Manager and for secrets of this account only; to read, or also to write. */
export function useSecretKeys(scope: Foundation, use: 'read' | 'write' = 'read'): PolicyStatement[] {
  const keys = scope.settings.secretKmsKeyArns;
  if (keys.length === 0) return [];
  return [
    allow(use === 'read' ? ['kms:Decrypt'] : WRITE_KEY, keys, {
      StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com` },
      StringLike: { 'kms:EncryptionContext:SecretARN': secretArn('*') },
    }),
  ];
}

export function sendTo(key: IKey, queues: readonly IQueue[]): PolicyStatement[] {
  return [
    allow(
      ['sqs:SendMessage'],
      queues.map((queue) => queue.queueArn),
    ),
    useKeyThrough(key, ['sqs'], WRITE_KEY),
  ];
}

/** What StartMessageMoveTask asks of its caller, from dead-letter queues back to their own queues (SQS developer guide, "Configure queue permissions for a dead-letter queue redrive"). */
export function moveBack(
  key: IKey,
  work: readonly { readonly queue: IQueue; readonly dead: IQueue }[],
): PolicyStatement[] {
  return [
    allow(['sqs:ListQueues'], ['*']),
    allow(
      [
        'sqs:StartMessageMoveTask',
        'sqs:ListMessageMoveTasks',
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
      ],
      work.map(({ dead }) => dead.queueArn),
    ),
    allow(
      ['sqs:SendMessage'],
      work.map(({ queue }) => queue.queueArn),
    ),
    useKeyThrough(key, ['sqs'], WRITE_KEY),
  ];
}

/**
 * How subscriptions of topics stand. Of what the look at a single one asks, its topic or itself, the documentation says only that a topic may be named
 * (Service Authorization Reference, "Actions for Amazon SNS"): both forms name the same.
 */
export function seeSubscriptions(topics: readonly string[]): PolicyStatement[] {
  return [
    allow(['sns:ListSubscriptionsByTopic'], topics.map(topicArn)),
    allow(
      ['sns:GetSubscriptionAttributes'],
      topics.flatMap((name) => [topicArn(name), topicArn(`${name}:*`)]),
    ),
  ];
}

/** With a signature, which is what makes them theirs who confirm. */
export function confirmSubscriptions(topics: readonly string[]): PolicyStatement {
  return allow(['sns:ConfirmSubscription'], topics.map(topicArn));
}

function topicArn(name: string): string {
  return `arn:${Aws.PARTITION}:sns:${Aws.REGION}:${Aws.ACCOUNT_ID}:${name}`;
}

/** How cdk-nag names the finding that a statement about the subscriptions of a topic has a wildcard. */
export function subscriptionWildcard(topic: string): string {
  return `Resource::arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:${topic}:*`;
}

/** What an event source mapping does in the function's name. */
export function receiveFrom(key: IKey, queue: IQueue): PolicyStatement[] {
  return [
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn]),
    useKeyThrough(key, ['sqs'], ['kms:Decrypt']),
  ];
}
