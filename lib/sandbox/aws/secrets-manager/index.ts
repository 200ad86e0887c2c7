import type { Check, Service, World } from '../types.ts';
import type { SecretsContext } from './context.ts';
import { createOperations } from './create.ts';
import { describeOperations } from './describe.ts';
import { manageOperations } from './manage.ts';
import { rotateOperations } from './rotate.ts';
import { ROTATION_DEFAULTS, Rotator, type RotationOptions } from './rotation.ts';
import { SecretShelf, notFound, type Adjustable, type SecretRecord } from './state.ts';
import { valueOperations } from './values.ts';

/** Secrets Manager, as the sandbox runs it. */
export interface SecretsManager {
  readonly service: Service;
  /** The record behind a name or ARN, for inspection. */
  find(secretId: string): SecretRecord | undefined;
  all(): SecretRecord[];
  /** Sets what other services or Regions decide. Errors: ResourceNotFoundException. */
  adjust(secretId: string, changes: Partial<Adjustable>): void;
}

export interface SecretsManagerOptions {
  readonly rotation?: Partial<RotationOptions> | undefined;
  /** What a customer's own key asks of a caller; none for the AWS managed key. */
  readonly keyChecks: (kmsKeyId: string, actions: readonly string[], secretArn: string) => Check[];
}

export function createSecretsManager(world: World, options: SecretsManagerOptions): SecretsManager {
  const shelf = new SecretShelf();
  const rotation = { ...ROTATION_DEFAULTS, ...options.rotation };
  const ctx: SecretsContext = {
    world,
    shelf,
    rotator: new Rotator(world, rotation),
    options: rotation,
    keyChecks: (secret, actions) => (secret.kmsKeyId === undefined ? [] : options.keyChecks(secret.kmsKeyId, actions, secret.arn)),
  };
  return {
    service: new Map([...createOperations(ctx), ...valueOperations(ctx), ...describeOperations(ctx), ...rotateOperations(ctx), ...manageOperations(ctx)]),
    find: (secretId) => shelf.find(secretId),
    all: () => shelf.all(),
    adjust: (secretId, changes) => {
      const secret = shelf.find(secretId);
      if (!secret) throw notFound();
      Object.assign(secret, changes);
    },
  };
}
