import { DAY } from '../../../../functions/core/basics/time.ts';
import { AwsError } from '../errors.ts';
import type { World } from '../types.ts';
import { emitServiceEvent } from './events.ts';
import {
  invalidParameter,
  pendingVersion,
  sameValue,
  type SecretRecord,
  type SecretValue,
  type SecretVersion,
} from './state.ts';
import { putLabel, checkLabelCount, clearPending } from './labels.ts';

/** Quotas of Secrets Manager (user guide, "Secrets Manager quotas"). */
export const MAX_VERSIONS = 100;

/**
 * Drops the oldest versions without a label once there are more than a hundred, except those younger than a
 * day.
 */
export function prune(world: World, secret: SecretRecord): void {
  const young = world.clock.now() - DAY;
  const loose = [...secret.versions.values()].filter(
    (version) => version.stages.size === 0 && version.createdAt <= young,
  );
  for (const version of loose.sort((a, b) => a.createdAt - b.createdAt)) {
    if (secret.versions.size <= MAX_VERSIONS) return;
    secret.versions.delete(version.id);
    emitServiceEvent(world, secret, 'SecretVersionDeletion');
  }
}

export function addVersion(
  world: World,
  secret: SecretRecord,
  id: string,
  value: SecretValue | undefined,
): SecretVersion {
  const version: SecretVersion = {
    id,
    createdAt: world.clock.now(),
    value,
    stages: new Set(),
    accessedAt: undefined,
  };
  secret.versions.set(id, version);
  prune(world, secret);
  if (secret.versions.size <= MAX_VERSIONS) return version;
  secret.versions.delete(id);
  throw new AwsError(
    'LimitExceededException',
    'You have reached the maximum number of versions of this secret.',
  );
}

export function checkValue(value: SecretValue): void {
  if ((value.SecretString === undefined) === (value.SecretBinary === undefined))
    throw invalidParameter('You must provide either SecretString or SecretBinary.');
  const bytes =
    value.SecretString === undefined
      ? Buffer.from(value.SecretBinary ?? '', 'base64').length
      : Buffer.byteLength(value.SecretString);
  if (bytes > 65_536) throw invalidParameter('The secret value is longer than 65536 bytes.');
}

/** A version made by hand while a rotation is not complete: AWSPENDING goes, and the rotation with it. */
function abandon(world: World, secret: SecretRecord, newId: string): void {
  const pending = pendingVersion(secret);
  if (!pending || pending.id === newId) return;
  pending.stages.delete('AWSPENDING');
  stopFlight(secret);
  emitServiceEvent(world, secret, 'RotationAbandoned');
}

export function stopFlight(secret: SecretRecord): void {
  if (!secret.flight) return;
  secret.flight.stopped = true;
  secret.flight.cancelRetry();
  secret.flight = undefined;
}

/**
 * Stores a value under a version id, and labels it. The same value under the same id again changes nothing.
 * Errors: ResourceExistsException when another value is there.
 */
export function storeVersion(
  world: World,
  secret: SecretRecord,
  put: { id: string; value: SecretValue; stages: readonly string[] },
): SecretVersion {
  checkValue(put.value);
  const existing = secret.versions.get(put.id);
  if (existing?.value) {
    if (sameValue(existing.value, put.value)) return existing;
    throw new AwsError(
      'ResourceExistsException',
      'A resource with the ID you requested already exists: a version with this ClientRequestToken has ' +
        'another value.',
    );
  }
  const stages =
    secret.versions.size === 0 && !put.stages.includes('AWSCURRENT')
      ? [...put.stages, 'AWSCURRENT']
      : put.stages;
  checkLabelCount(secret, stages);
  abandon(world, secret, put.id);
  const version = existing ?? addVersion(world, secret, put.id, undefined);
  version.value = put.value;
  for (const label of stages) putLabel(world, secret, label, version);
  if (stages.includes('AWSCURRENT') && !stages.includes('AWSPENDING')) clearPending(secret);
  secret.changedAt = world.clock.now();
  return version;
}
