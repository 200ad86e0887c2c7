import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Courier, Parcel, Passage } from '../core/delivery/courier.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import { DELIVERY_LABEL } from '../core/basics/names.ts';
import type { Secret } from '../core/basics/secret.ts';
import {
  targetFieldOf,
  deliveredVersionOf,
  refusalOf,
  type TargetField,
} from '../core/delivery/target-secret.ts';
import { requireGranted, type DeliveryGrant } from '../core/delivery/consumer-grants.ts';
import type { SecretDescription } from '../core/ports/secret-store.ts';
import { withField } from '../core/secret-text/target-text.ts';
import { holderOf } from '../core/token/staging-labels.ts';
import { labelMover } from './secrets-manager/labels.ts';
import { secretReader, type SecretReader } from './secrets-manager/reads.ts';
import { stageText, unstageText } from './secrets-manager/stage-text.ts';

/** How often it is begun anew when others put versions at the same time; the last look reads back. */
const MOST_ROUNDS = 5;

/** Codes that do not pass by themselves (API Reference, "Common Errors" and "PutSecretValue"). */
const DENIALS: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'DecryptionFailure',
  'EncryptionFailure',
]);

/**
 * Puts a value into one field of another secret. Its next text is stored beside the current version, and
 * AWSCURRENT then moves from exactly the version that was read: whoever put another one meanwhile loses
 * nothing. Each round goes by what is there, so that a run that was cut off is carried on. Source: AWS
 * Secrets Manager API Reference, "PutSecretValue", "UpdateSecretVersionStage": the move fails unless the
 * label is on the version that it is to leave, and AWSPREVIOUS follows by itself.
 */
export function secretCourier(client: SecretsManagerClient, grants: readonly DeliveryGrant[]): Courier {
  const reader = secretReader(client);
  const tools = { client, reader, moveLabel: labelMover(client, reader).moveLabel };
  return {
    kind: 'secret',
    async carry(parcel, value) {
      requireGranted(grants, parcel, 'delivery.secret in keyturn.json');
      const field = targetFieldOf(parcel.consumer.target);
      const target = await describe(reader, field.name);
      return putIn({ parcel, field, target, secret: await value() }, tools);
    },
  };
}

interface Tools extends ReturnType<typeof labelMover> {
  readonly client: SecretsManagerClient;
  readonly reader: SecretReader;
}

interface Task {
  readonly parcel: Parcel;
  readonly field: TargetField;
  /** As it was when the value was read for it. */
  readonly target: SecretDescription;
  readonly secret: Secret;
}

async function putIn(task: Task, tools: Tools): Promise<Passage> {
  const { field, target } = task;
  const { arn } = target;
  let movedFrom: string | undefined;
  let staged: string | undefined;
  try {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { versions } = round === 0 ? target : await describe(tools.reader, field.name, arn);
      staged = holderOf(versions, DELIVERY_LABEL);
      const current = currentIn(versions, field);
      if (current === movedFrom) throw notVisible(field);
      const next = await nextText(task, current, tools);
      if (next === undefined) return { outcome: 'proven', proof: 'the secret holds the new value' };
      staged = deliveredVersionOf(task.parcel.id, current);
      await stageText(tools.client, { arn, name: field.name }, { versionId: staged, text: next });
      if (await isMoved(tools.moveLabel(arn, 'AWSCURRENT', { from: current, to: staged })))
        movedFrom = current;
    }
  } catch (error) {
    throw explained(error, field);
  } finally {
    await unstageText(tools.client, arn, staged);
  }
  throw new KeyturnError(
    'conflict',
    `Others changed the secret ${field.name} each time it was to be written.`,
  );
}

async function describe(reader: SecretReader, name: string, arn = name): Promise<SecretDescription> {
  try {
    const secret = await reader.describe(arn);
    const refusal = refusalOf(secret);
    if (refusal === undefined) return secret;
    throw invalid(name, refusal);
  } catch (error) {
    throw error instanceof KeyturnError && error.code === 'not-found'
      ? new KeyturnError('not-found', `There is no secret ${name}: correct the target of the consumer.`)
      : error;
  }
}

function currentIn(versions: SecretDescription['versions'], { name }: TargetField): string {
  const current = holderOf(versions, 'AWSCURRENT');
  if (current !== undefined) return current;
  throw invalid(name, 'has no current version: store JSON in it that has the field');
}

/** Undefined where the field holds the value already. */
async function nextText(
  { field, secret, target }: Task,
  current: string,
  { reader }: Tools,
): Promise<Secret | undefined> {
  const text = await reader.read(target.arn, current);
  if (!text) throw notVisible(field);
  const next = withField(text, field.path, secret);
  if ('fault' in next) throw invalid(field.name, next.fault);
  return next.read.equals(text) ? undefined : next.read;
}

/** False where somebody else was faster. */
async function isMoved(move: Promise<void>): Promise<boolean> {
  try {
    await move;
    return true;
  } catch (error) {
    if (error instanceof KeyturnError && error.code === 'conflict') return false;
    throw error;
  }
}

function notVisible({ name }: TargetField): KeyturnError {
  return new KeyturnError(
    'not-visible-yet',
    `Secrets Manager does not show the latest version of ${name} yet.`,
  );
}

function invalid(name: string, fault: string): KeyturnError {
  return new KeyturnError('delivery-invalid', `The secret ${name} ${fault}.`);
}

/** In words about the target secret, where a person has to act. */
function explained(error: unknown, { name }: TargetField): unknown {
  if (!(error instanceof KeyturnError)) return error;
  if (error.code === 'secret-invalid')
    return invalid(
      name,
      'holds binary data: store JSON as text in it, or correct the target of the consumer',
    );
  const code = error.cause instanceof Error ? error.cause.name : '';
  if (error.code !== 'aws-failed' || !DENIALS.has(code)) return error;
  return new KeyturnError(
    'delivery-invalid',
    `Keyturn may not write the secret ${name} (${code}): if it is under a key of your own, add the key to ` +
      'secretKmsKeyArns; else look at its resource policy.',
    { cause: error.cause },
  );
}
