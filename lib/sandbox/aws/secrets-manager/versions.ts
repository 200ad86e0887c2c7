import { DAY } from '../../../../functions/core/basics/time.ts';
import { AwsError } from '../errors.ts';
import type { World } from '../types.ts';
import { emitLabelUpdated, emitServiceEvent } from './events.ts';
import {
  invalidParameter,
  invalidRequest,
  notFound,
  pendingVersion,
  sameValue,
  versionWith,
  type PendingLabel,
  type SecretRecord,
  type SecretValue,
  type SecretVersion,
} from './state.ts';

/** Quotas of Secrets Manager (user guide, "Secrets Manager quotas"). */
export const MAX_VERSIONS = 100;
const MAX_LABELS = 20;

function place(world: World, secret: SecretRecord, label: string, version: SecretVersion): void {
  if (version.stages.has(label)) return;
  versionWith(secret, label)?.stages.delete(label);
  version.stages.add(label);
  emitLabelUpdated(world, secret, label, version.id);
}

/** Puts a label on a version, and with AWSCURRENT moves AWSPREVIOUS to where AWSCURRENT was. */
export function putLabel(world: World, secret: SecretRecord, label: string, version: SecretVersion): void {
  const old = label === 'AWSCURRENT' ? versionWith(secret, label) : undefined;
  place(world, secret, label, version);
  if (label !== 'AWSCURRENT' || old === version) return;
  if (!old) return;
  version.stages.delete('AWSPREVIOUS');
  place(world, secret, 'AWSPREVIOUS', old);
}

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

function checkLabelCount(secret: SecretRecord, added: readonly string[]): void {
  const labels = new Set(
    [...secret.versions.values()].flatMap((version) => [...version.stages]).concat(added),
  );
  if (labels.size > MAX_LABELS)
    throw new AwsError(
      'LimitExceededException',
      'You have reached the maximum number of staging labels for this secret.',
    );
}

/**
 * A value stored as AWSCURRENT leaves AWSPENDING on no version (recorded answers of AWS to PutSecretValue in
 * LocalStack's tests).
 */
function clearPending(secret: SecretRecord): void {
  versionWith(secret, 'AWSPENDING')?.stages.delete('AWSPENDING');
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

interface Move {
  readonly pendingLabel: PendingLabel;
  readonly label: string;
  readonly to: string | undefined;
  readonly from: string | undefined;
}

function checkMove(secret: SecretRecord, move: Move): void {
  const holder = versionWith(secret, move.label);
  if (move.from === undefined && holder && holder.id !== move.to) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${move.label} is currently ` +
        `attached to version ${holder.id}, so you must explicitly reference that version in ` +
        'RemoveFromVersionId.',
    );
  }
  if (move.from !== undefined && holder?.id !== move.from) {
    throw invalidParameter(
      `Staging label ${move.label} is not currently attached to version ${move.from}, which ` +
        'RemoveFromVersionId names.',
    );
  }
  if (move.to === undefined && move.label === 'AWSCURRENT') {
    throw invalidParameter(
      "You can only move staging label AWSCURRENT to a different secret version. It can't be " +
        'completely removed.',
    );
  }
}

/** UpdateSecretVersionStage: a compare-and-swap, since a label that is elsewhere must be named in `from`. */
export function moveLabel(world: World, secret: SecretRecord, move: Move): void {
  if (move.to === undefined && move.from === undefined)
    throw invalidParameter('You must name MoveToVersionId or RemoveFromVersionId.');
  const target = move.to === undefined ? undefined : secret.versions.get(move.to);
  if (move.to !== undefined && !target)
    throw notFound(`Secrets Manager can't find the specified secret version: ${move.to}.`);
  checkMove(secret, move);
  if (move.to !== undefined) checkLabelCount(secret, [move.label]);
  if (target && !target.value && move.label === 'AWSCURRENT')
    throw invalidRequest(`Version ${target.id} has no value, so it can't become AWSCURRENT.`);
  const promotes = move.label === 'AWSCURRENT' && target?.stages.has('AWSCURRENT') === false;
  if (target) putLabel(world, secret, move.label, target);
  if (promotes && move.pendingLabel === 'at-move') target?.stages.delete('AWSPENDING');
  if (!target) versionWith(secret, move.label)?.stages.delete(move.label);
  secret.changedAt = world.clock.now();
}
