import { AwsError } from '../errors.ts';
import type { World } from '../types.ts';
import { emitLabelUpdated } from './events.ts';
import {
  invalidParameter,
  invalidRequest,
  notFound,
  versionWith,
  type PendingLabel,
  type SecretRecord,
  type SecretVersion,
} from './state.ts';

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

export function checkLabelCount(secret: SecretRecord, added: readonly string[]): void {
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
export function clearPending(secret: SecretRecord): void {
  versionWith(secret, 'AWSPENDING')?.stages.delete('AWSPENDING');
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
