import type { Check, Operation, Service, World } from '../types.ts';
import type { SecretsContext } from './context.ts';
import { createOperations } from './create.ts';
import { describeOperations } from './describe.ts';
import { manageOperations } from './manage.ts';
import { Past, type StaleReads } from './past.ts';
import { rotateOperations } from './rotate.ts';
import { ROTATION_DEFAULTS, Rotator, type RotationOptions } from './rotation.ts';
import { SecretShelf, invalidParameter, notFound, type Adjustable, type SecretRecord } from './state.ts';
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
  readonly staleReads?: StaleReads | undefined;
  /** What a customer's own key asks of a caller; none for the AWS managed key. */
  /** Whether a key is there that encrypts: an id, an ARN, or an alias with its `alias/`. */
  readonly isKey: (kmsKeyId: string) => boolean;
  readonly keyChecks: (kmsKeyId: string, actions: readonly string[], secretArn: string) => Check[];
}

/** The same operation; what it did to its secret is kept for reads that lag behind. */
function noting(past: Past, one: Operation): Operation {
  return (input, principal) => {
    const plan = one(input, principal);
    const run = async (): Promise<unknown> => {
      const output = await plan.run();
      const arn: unknown =
        typeof output === 'object' && output !== null ? Reflect.get(output, 'ARN') : undefined;
      past.note(typeof arn === 'string' ? arn : plan.resource);
      return output;
    };
    return past.isOn ? { ...plan, run } : plan;
  };
}

export function createSecretsManager(world: World, options: SecretsManagerOptions): SecretsManager {
  const shelf = new SecretShelf();
  const rotation = { ...ROTATION_DEFAULTS, ...options.rotation };
  const past = new Past(world, shelf, options.staleReads ?? {});
  const ctx: SecretsContext = {
    world,
    shelf,
    rotator: new Rotator(world, rotation, (secret) => past.note(secret.arn)),
    options: rotation,
    past,
    checkKey: (id) => {
      if (id !== undefined && id !== '' && !id.endsWith('alias/aws/secretsmanager') && !options.isKey(id))
        throw invalidParameter('The operation failed because of an invalid KMS key: Invalid keyId');
    },
    keyChecks: (secret, actions) =>
      secret.kmsKeyId === undefined ? [] : options.keyChecks(secret.kmsKeyId, actions, secret.arn),
  };
  const writing = [
    ...createOperations(ctx),
    ...valueOperations(ctx),
    ...rotateOperations(ctx),
    ...manageOperations(ctx),
  ];
  return {
    service: new Map([
      ...writing.map(([name, one]) => [name, noting(past, one)] as const),
      ...describeOperations(ctx),
    ]),
    find: (secretId) => shelf.find(secretId),
    all: () => shelf.all(),
    adjust: (secretId, changes) => {
      const secret = shelf.find(secretId);
      if (!secret) throw notFound();
      Object.assign(secret, changes);
      past.note(secret.arn);
    },
  };
}
