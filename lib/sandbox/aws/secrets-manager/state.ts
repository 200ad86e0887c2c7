import { createHash } from 'node:crypto';
import type { Instant } from '../../../../functions/core/basics/time.ts';
import { AwsError } from '../errors.ts';
import type { PolicyDocument } from '../types.ts';

/** The value of a version, as the wire carries it: text, or bytes in base64. */
export interface SecretValue {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: string | undefined;
}

export interface SecretVersion {
  readonly id: string;
  readonly createdAt: Instant;
  /** Undefined while the version is only an id, as the pending version is before createSecret. */
  value: SecretValue | undefined;
  readonly stages: Set<string>;
  accessedAt: Instant | undefined;
}

export interface RotationRules {
  readonly AutomaticallyAfterDays?: number | undefined;
  readonly ScheduleExpression?: string | undefined;
  readonly Duration?: string | undefined;
}

/**
 * When AWSPENDING leaves the version that became AWSCURRENT. The move of AWSCURRENT leaves it on: recorded
 * answers of AWS in the tests of LocalStack and moto show both labels after UpdateSecretVersionStage. Secrets
 * Manager takes it off when the rotation is complete (a maintainer in pull request 145 of
 * aws-secrets-manager-rotation-lambdas); the API Reference, "RotateSecret", says that it may stay, and issue
 * 168 of the same repository shows it left on for good. The user guide reads as if it went with the move.
 */
export type PendingLabel = 'at-completion' | 'stays' | 'at-move';

/** A rotation that Secrets Manager is working on, whole retries included. */
export interface Flight {
  readonly token: string;
  readonly rotationToken: string;
  /** Set when it must stop before its next step. */
  stopped: boolean;
  /** Takes back the next retry. */
  cancelRetry: () => void;
}

export interface Rotation {
  enabled: boolean;
  lambdaArn: string;
  rules: RotationRules | undefined;
  /** The start of the next window. */
  nextAt: Instant | undefined;
  cancelTimer: () => void;
}

/** What AWS or another service decides, and tests set. */
export interface Adjustable {
  primaryRegion: string | undefined;
  owningService: string | undefined;
  type: string | undefined;
  replicas: readonly {
    readonly Region: string;
    readonly Status: 'InSync' | 'InProgress' | 'Failed';
    readonly StatusMessage?: string;
  }[];
}

export interface SecretRecord extends Adjustable {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: Instant;
  readonly tags: Map<string, string>;
  readonly versions: Map<string, SecretVersion>;
  description: string | undefined;
  kmsKeyId: string | undefined;
  policy: PolicyDocument | undefined;
  changedAt: Instant;
  accessedAt: Instant | undefined;
  rotatedAt: Instant | undefined;
  /** When the scheduled deletion takes place. */
  deletedAt: Instant | undefined;
  cancelDeletion: () => void;
  rotation: Rotation | undefined;
  flight: Flight | undefined;
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}
export function notFound(message = "Secrets Manager can't find the specified secret."): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

/**
 * Every secret of the Region, found as callers name them: by name, by ARN, or by the ARN without its last six
 * characters.
 */
export class SecretShelf {
  readonly #byArn = new Map<string, SecretRecord>();
  readonly #byName = new Map<string, SecretRecord>();

  add(secret: SecretRecord): void {
    this.#byArn.set(secret.arn, secret);
    this.#byName.set(secret.name, secret);
  }

  remove(secret: SecretRecord): void {
    this.#byArn.delete(secret.arn);
    this.#byName.delete(secret.name);
  }

  find(secretId: string): SecretRecord | undefined {
    if (!secretId.startsWith('arn:')) return this.#byName.get(secretId);
    const named = this.#byName.get(secretId.split(':').slice(6).join(':'));
    return this.#byArn.get(secretId) ?? (named?.arn.slice(0, -7) === secretId ? named : undefined);
  }

  /** Oldest first. */
  all(): SecretRecord[] {
    return [...this.#byArn.values()];
  }
}

/** The ARN's last six characters. Real ones are random; these come from an id that the caller supplies. */
export function arnSuffix(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 6);
}

/** The version that carries a staging label. */
export function versionWith(secret: SecretRecord, stage: string): SecretVersion | undefined {
  for (const version of secret.versions.values()) if (version.stages.has(stage)) return version;
  return undefined;
}

/** The pending version of a rotation that is not complete: AWSPENDING on another version than AWSCURRENT. */
export function pendingVersion(secret: SecretRecord): SecretVersion | undefined {
  const pending = versionWith(secret, 'AWSPENDING');
  return pending && !pending.stages.has('AWSCURRENT') ? pending : undefined;
}

export function sameValue(one: SecretValue | undefined, other: SecretValue): boolean {
  return (
    one !== undefined && one.SecretString === other.SecretString && one.SecretBinary === other.SecretBinary
  );
}
