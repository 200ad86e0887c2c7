import type { Check, World } from '../types.ts';
import { checkName } from './limits.ts';
import type { Past, StaleReads } from './past.ts';
import type { RotationOptions, Rotator } from './rotation.ts';
import { invalidRequest, notFound, type SecretRecord, type SecretShelf } from './state.ts';

/** What every operation of Secrets Manager works with. */
export interface SecretsContext {
  readonly world: World;
  readonly shelf: SecretShelf;
  readonly rotator: Rotator;
  readonly options: RotationOptions;
  readonly past: Past;
  /**
   * Errors: InvalidParameterException for a key that cannot encrypt secrets here; none given is the AWS
   * managed key.
   */
  checkKey(kmsKeyId: string | undefined): void;
  /** The key policy's say, for secrets under a customer's own key. */
  keyChecks(secret: SecretRecord, actions: readonly string[]): Check[];
}

export function tagContext(tags: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...tags].flatMap(([key, value]) => [
      [`secretsmanager:ResourceTag/${key}`, value],
      [`aws:ResourceTag/${key}`, value],
    ]),
  );
}

/**
 * The ARN that IAM is asked about: of a secret that is not there, as far as the caller's text tells it.
 * Errors: ValidationException for what is no name.
 */
export function arnOf(ctx: SecretsContext, secretId: string): string {
  checkName(secretId);
  const found = ctx.shelf.find(secretId)?.arn;
  if (found !== undefined || secretId.startsWith('arn:')) return found ?? secretId;
  return `arn:aws:secretsmanager:${ctx.world.region}:${ctx.world.account}:secret:${secretId}`;
}

/** The check of one action on one secret, with the secret's tags and resource policy. */
export function secretCheck(
  ctx: SecretsContext,
  secretId: string,
  action: string,
  context: Record<string, string | string[]> = {},
): Check {
  const secret = ctx.shelf.find(secretId);
  // Service authorization reference, "Condition keys for AWS Secrets Manager": the function that the secret
  // is rotated by, where there is one.
  const rotated =
    secret?.rotation === undefined
      ? {}
      : { 'secretsmanager:resource/AllowRotationLambdaArn': secret.rotation.lambdaArn };
  const about = secret
    ? { ...tagContext(secret.tags), ...rotated, 'secretsmanager:SecretId': secret.arn }
    : { 'secretsmanager:SecretId': secretId };
  return {
    action: `secretsmanager:${action}`,
    resource: arnOf(ctx, secretId),
    resourcePolicy: secret?.policy,
    context: { ...about, ...context },
  };
}

/** A secret as it is, or as a read that lags behind sees it. */
export function anySecret(ctx: SecretsContext, secretId: string, read?: keyof StaleReads): SecretRecord {
  const secret = (read === undefined ? ctx.shelf : ctx.past.seenBy(read)).find(secretId);
  if (!secret) throw notFound();
  return secret;
}

/** A secret that is not scheduled for deletion. */
export function liveSecret(ctx: SecretsContext, secretId: string, read?: keyof StaleReads): SecretRecord {
  const secret = anySecret(ctx, secretId, read);
  if (secret.deletedAt !== undefined)
    throw invalidRequest(
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  return secret;
}

/** A live secret whose primary is here. */
export function writableSecret(ctx: SecretsContext, secretId: string): SecretRecord {
  const secret = liveSecret(ctx, secretId);
  if (secret.primaryRegion !== undefined && secret.primaryRegion !== ctx.world.region) {
    throw invalidRequest(
      "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
    );
  }
  return secret;
}
