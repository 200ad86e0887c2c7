// What roles may do with secrets and their values.
import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { adminPrefixOf } from '../../functions/core/basics/names.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import type { Foundation } from './constructs/foundation.ts';
import { allow, WRITE_KEY } from './permissions.ts';

export function secretArn(name: string): string {
  return `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${name}`;
}

/** How cdk-nag names the finding that a statement about secrets of such a name has a wildcard. */
export function secretWildcard(name: string): string {
  return `Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${name}`;
}

export const tagged = (tag: string): string => `secretsmanager:ResourceTag/${tag}`;

/**
 * Metadata of every secret, so that a rotation of one that is not registered fails with a sentence naming the
 * tag it lacks.
 */
export function describeSecrets(): PolicyStatement {
  return allow(['secretsmanager:DescribeSecret'], ['*']);
}

/** The same for people, who also look for secrets. */
export function listSecrets(): PolicyStatement {
  return allow(['secretsmanager:DescribeSecret', 'secretsmanager:ListSecrets'], ['*']);
}

/**
 * Of the secrets registered for one provider of this installation; nobody else's, whatever a caller names.
 */
export function registeredFor({ settings }: Foundation, provider: string): Record<string, string> {
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

/** Secrets Manager ends each ARN with a hyphen and six characters of its own. */
export function readAdminSecrets(provider: string): PolicyStatement {
  const prefix = adminPrefixOf(provider);
  return allow(['secretsmanager:GetSecretValue'], [secretArn(`${prefix}-??????`), secretArn(`${prefix}/*`)]);
}

/**
 * Values of every secret registered with this installation, whoever its issuer is; never of one that holds
 * admin credentials, registered or not: with those, new ones are made.
 */
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

/**
 * To change secrets of such names, or with such beginnings and `*`, that no installation manages. Its tag
 * tells the secret of a token; a new version of one only `rotate` writes.
 */
export function writeTargetSecrets(names: readonly string[]): PolicyStatement {
  return allow(
    [
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    names.map((name) => secretArn(name.endsWith('*') ? name : `${name}-??????`)),
    { Null: { [tagged(TAGS.installation)]: 'true' } },
  );
}

/**
 * Keys of customers under which secrets are stored, through Secrets Manager and for secrets of this account
 * only; to read, or also to write.
 */
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
