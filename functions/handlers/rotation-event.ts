import * as z from 'zod';
import { KeyturnError } from '../core/basics/errors.ts';
import { Secret } from '../core/basics/secret.ts';
import type { RotationEvent } from '../use-cases/rotation/index.ts';

/**
 * What Secrets Manager sends. Source: AWS Secrets Manager User Guide, "Lambda rotation functions"; steps are
 * in camel case.
 */
const Shape = z.object({
  Step: z.enum(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
  SecretId: z.string().startsWith('arn:'),
  ClientRequestToken: z.string().min(1),
  RotationToken: z.string().min(1).optional(),
});

/**
 * Reads the event of a rotation step. Error: `bad-request` names the field; the event itself is shown
 * nowhere, since its token is a credential.
 */
export function rotationEventFrom(event: unknown): RotationEvent {
  const parsed = Shape.safeParse(event);
  if (!parsed.success)
    throw new KeyturnError(
      'bad-request',
      `The event is no step of a rotation, at "${parsed.error.issues[0]?.path.join('.') ?? ''}": only ` +
        'Secrets Manager calls this function.',
    );
  const { Step, SecretId, ClientRequestToken, RotationToken } = parsed.data;
  return {
    step: Step,
    secretArn: SecretId,
    requestToken: ClientRequestToken,
    rotationToken: RotationToken === undefined ? undefined : new Secret(RotationToken),
  };
}
