// Who may rotate secrets, start and stop rotations, and register secrets for them.
import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { adminPrefixOf, deliverySecretOf } from '../../functions/core/basics/names.ts';
import type { ResourceNames } from '../../functions/core/basics/resource-names.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import type { Foundation } from './constructs/foundation.ts';
import { allow } from './permissions.ts';
import { secretArn, tagged, registeredFor } from './secret-permissions.ts';

/**
 * What a rotation does, with secrets that this very function rotates (Secrets Manager user guide, "Lambda
 * rotation function execution role permissions"; service authorization reference,
 * `secretsmanager:resource/AllowRotationLambdaArn`). It may describe one that is not registered, so that its
 * rotation fails with a sentence naming the tag it lacks.
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

/**
 * By name: a role's policy cannot wait for a function that waits for the policy. `rotate('*')` names the
 * rotation functions of all issuers, and fits nothing else: no other function of an installation has such a
 * name, and no other installation may (`takesNamesOfOthers`).
 */
export function functionArn(name: string): string {
  return `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${name}`;
}

/**
 * Starts rotations; `provider` undefined means of any provider. The caller of RotateSecret has to be allowed
 * to invoke the function itself.
 */
export function startRotations(scope: Foundation, provider: string | undefined): PolicyStatement[] {
  const tags = {
    [tagged(TAGS.installation)]: scope.settings.installation,
    ...(provider === undefined ? {} : { [tagged(TAGS.issuer)]: provider }),
  };
  return [
    allow(['secretsmanager:RotateSecret'], [secretArn('*')], { StringEquals: tags }),
    allow(['lambda:InvokeFunction'], [functionArn(scope.names.rotate(provider ?? '*'))]),
  ];
}

/**
 * Stores values that people create, in secrets registered for issuers that let only people create them. No
 * condition can tell the labels of a PutSecretValue (service authorization reference: of the two,
 * UpdateSecretVersionStage alone has `secretsmanager:VersionStage`): who may submit may store any version.
 */
export function submitValues(scope: Foundation, providers: readonly string[]): PolicyStatement {
  return allow(['secretsmanager:PutSecretValue'], [secretArn('*')], {
    StringEquals: {
      [tagged(TAGS.installation)]: scope.settings.installation,
      [tagged(TAGS.issuer)]: [...providers],
    },
  });
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
 * Makes and tags secrets of this installation and attaches its own rotation functions to them, nothing else:
 * a secret of another installation stays its own, and tags that are not Keyturn's, which may decide over
 * other accesses, stay as they are.
 */
export function registerSecrets(scope: Foundation): PolicyStatement[] {
  const rotate = functionArn(scope.names.rotate('*'));
  const { installation } = scope.settings;
  const registered = { [tagged(TAGS.installation)]: installation };
  const registers = { [`aws:RequestTag/${TAGS.installation}`]: installation };
  const ourTags = { 'ForAllValues:StringLike': { 'aws:TagKeys': 'keyturn:*' } };
  const isUnregistered = { Null: { [tagged(TAGS.installation)]: 'true' } };
  // Whoever could make an admin secret, and name it in a token's tag, or a delivery secret, would have the
  // token's value sent to a host of their choice. Who may register an admin secret as a token is for those to
  // say who may make one.
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
      ...isUnregistered,
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
      ArnLike: { 'secretsmanager:RotationLambdaARN': rotate },
    }),
    allow(['lambda:InvokeFunction'], [rotate]),
  ];
}

/** How cdk-nag names the finding that a statement about the rotation functions has a wildcard. */
export function rotationsWildcard(names: ResourceNames): string {
  const rotate = names.rotate('*');
  return `Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:${rotate}`;
}
