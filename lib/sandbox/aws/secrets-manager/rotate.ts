import * as z from 'zod';
import { AwsError, notImplemented } from '../errors.ts';
import { operation } from '../operation.ts';
import type { Operation } from '../types.ts';
import { arnOf, secretCheck, writableSecret, type SecretsContext } from './context.ts';
import { secretsManagerFor } from './rotation.ts';
import { checkRules } from './schedule.ts';
import { Rules, SecretId, Token, compact } from './schemas.ts';
import { invalidRequest, pendingVersion, type SecretRecord } from './state.ts';
import { stopFlight } from './versions.ts';

const Rotate = z.strictObject({
  SecretId,
  ClientRequestToken: Token.optional(),
  RotationLambdaARN: z.string().max(2048).optional(),
  RotationRules: Rules.optional(),
  RotateImmediately: z.boolean().optional(),
});
type Rotate = z.infer<typeof Rotate>;

/**
 * A rotation that is under way, or done, under the same token is the same request once more. It is not done
 * while its version is pending without being current, as after a rollback that left AWSPENDING behind: then
 * it is tried again.
 */
function isRepeat(secret: SecretRecord, token: string | undefined): boolean {
  if (token === undefined) return false;
  if (secret.flight?.token === token) return true;
  if (pendingVersion(secret)?.id === token) return false;
  const stages = secret.versions.get(token)?.stages;
  return stages?.has('AWSCURRENT') === true || stages?.has('AWSPREVIOUS') === true;
}

/**
 * The label decides whether a rotation is over: one that lost AWSPENDING is given up (API Reference,
 * "RotateSecret").
 */
function checkFree(secret: SecretRecord, token: string | undefined): void {
  const pending = pendingVersion(secret);
  if (secret.flight && secret.versions.get(secret.flight.token)?.stages.has('AWSPENDING') !== true)
    stopFlight(secret);
  // A pending version that a failed rotation left behind is taken up again under its own token only.
  if (secret.flight || (pending && pending.id !== token))
    throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
  if (!pending && token !== undefined && secret.versions.has(token))
    throw invalidRequest('A version with this ClientRequestToken exists already.');
}

function configure(secret: SecretRecord, input: Rotate, lambdaArn: string): void {
  const old = secret.rotation;
  const rules = input.RotationRules ?? old?.rules;
  secret.rotation = {
    enabled: true,
    lambdaArn,
    rules,
    nextAt: old?.nextAt,
    cancelTimer: old?.cancelTimer ?? (() => undefined),
  };
}

function rotate(ctx: SecretsContext, input: Rotate): unknown {
  const secret = writableSecret(ctx, input.SecretId);
  if (secret.type !== undefined) throw notImplemented('the rotation of managed external secrets');
  const lambdaArn = input.RotationLambdaARN ?? secret.rotation?.lambdaArn;
  if (lambdaArn === undefined)
    throw invalidRequest('No Lambda rotation function ARN is associated with this secret.');
  if (input.RotationRules) checkRules(input.RotationRules);
  if (!ctx.world.mayInvoke(secretsManagerFor(secret), lambdaArn)) {
    throw new AwsError(
      'AccessDeniedException',
      'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy ' +
        'grants access to the principal secretsmanager.amazonaws.com.',
    );
  }
  const answer = (id: string | undefined): object =>
    compact({ ARN: secret.arn, Name: secret.name, VersionId: id });
  if (isRepeat(secret, input.ClientRequestToken)) return answer(input.ClientRequestToken);
  checkFree(secret, input.ClientRequestToken);
  configure(secret, input, lambdaArn);
  const token = input.ClientRequestToken ?? ctx.world.uuid();
  if (input.RotateImmediately === false) ctx.rotator.test(secret, token);
  else ctx.rotator.start(secret, token);
  ctx.rotator.schedule(secret);
  return answer(token);
}

function cancel(ctx: SecretsContext, secretId: string): unknown {
  const secret = writableSecret(ctx, secretId);
  if (!secret.rotation) throw invalidRequest('Rotation is not configured for this secret.');
  secret.rotation.enabled = false;
  ctx.rotator.schedule(secret);
  stopFlight(secret);
  return compact({ ARN: secret.arn, Name: secret.name, VersionId: pendingVersion(secret)?.id });
}

export function rotateOperations(ctx: SecretsContext): [string, Operation][] {
  return [
    operation('RotateSecret', Rotate, (input) => {
      const known = ctx.shelf.find(input.SecretId)?.rotation?.lambdaArn;
      const lambda = input.RotationLambdaARN ?? known;
      const context =
        input.RotationLambdaARN === undefined
          ? {}
          : { 'secretsmanager:RotationLambdaARN': input.RotationLambdaARN };
      // The caller must be allowed to invoke the function too (API reference, RotateSecret, "Required
      // permissions").
      const invoke = lambda === undefined ? [] : [ctx.world.invokeCheck(lambda)];
      return {
        resource: arnOf(ctx, input.SecretId),
        checks: [secretCheck(ctx, input.SecretId, 'RotateSecret', context), ...invoke],
        run: () => rotate(ctx, input),
      };
    }),
    operation('CancelRotateSecret', z.strictObject({ SecretId }), (input) => ({
      resource: arnOf(ctx, input.SecretId),
      checks: [secretCheck(ctx, input.SecretId, 'CancelRotateSecret')],
      run: () => cancel(ctx, input.SecretId),
    })),
  ];
}
