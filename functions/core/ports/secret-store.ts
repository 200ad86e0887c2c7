import type { Secret } from '../basics/secret.ts';
import type { Instant } from '../basics/time.ts';
import type { Tags } from '../policy/tags.ts';
import type { ReplicaState } from '../token/replicas.ts';

/** A secret as DescribeSecret shows it: everything but values. */
export interface SecretDescription {
  readonly arn: string;
  readonly name: string;
  readonly tags: Tags;
  readonly rotationEnabled: boolean;
  /** The ARN of the function that rotates it. */
  readonly rotationFunction?: string;
  /** Version ids with their staging labels; versions without labels are not listed. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  /** The version that holds a value which a person submitted, under {@link SUBMITTED_LABEL}. */
  readonly submitted?: string;
  readonly deletedAt?: Instant;
  /** When Secrets Manager itself dates the end of its last rotation. */
  readonly rotatedAt?: Instant;
  /** Set when this is a replica of a secret in another Region. */
  readonly primaryRegion?: string;
  /** The AWS service that manages the secret, if one does. */
  readonly owningService?: string;
  /** The managed-external-secret type, if it is one. */
  readonly externalType?: string;
  /** Its copies in other Regions; none for most secrets. */
  readonly replicas: readonly ReplicaState[];
}

/** Which version of an admin secret is read. */
export type AdminLabel = 'AWSCURRENT' | 'AWSPREVIOUS';

/**
 * AWS Secrets Manager. Errors: `not-found`, `conflict` when a label is not where it was said to be,
 * `aws-failed`.
 */
export interface SecretStore {
  describe(secretId: string): Promise<SecretDescription>;
  /** The text of one version; undefined when the version does not exist or has no value yet. */
  read(secretId: string, versionId: string): Promise<Secret | undefined>;
  /**
   * Stores the text under the pending version. Storing the same text again is a success; another text there
   * is `conflict`.
   */
  putPending(
    secretId: string,
    versionId: string,
    text: Secret,
    rotationToken: Secret | undefined,
  ): Promise<void>;
  /**
   * Whether the secret takes another version: stores a text of a length under the label {@link CANARY_LABEL},
   * then takes the label off. The text holds nothing of the secret's. Errors: as `putPending`.
   */
  tryStore(secretId: string, versionId: string, length: number): Promise<void>;
  /**
   * Moves, sets (`from` undefined) or removes (`to` undefined) a staging label; `conflict` unless it is on
   * `from` now.
   */
  moveLabel(
    secretId: string,
    label: string,
    move: { from: string | undefined; to: string | undefined },
  ): Promise<void>;
  /** Asks Secrets Manager to rotate, under this ClientRequestToken. */
  startRotation(secretId: string, requestToken: string): Promise<void>;
  /**
   * Switches rotation off and stops one that runs; what it left pending is not touched. Off already is a
   * success.
   */
  stopRotation(secretId: string): Promise<void>;
  /**
   * The text of an admin secret's current version, or of the one before, by name. Errors: `admin-missing`.
   */
  readAdmin(name: string, label?: AdminLabel): Promise<Secret>;
  /** ARNs of every admin secret, whatever its tags. */
  admins(): AsyncIterable<string>;
  /**
   * ARNs of every secret tagged for the installation, scheduled deletions included, page by page; from the
   * page that `from` names.
   */
  list(installation: string, from?: string): AsyncIterable<SecretPage>;
}

/** A secret as ListSecrets shows it, which may lag behind. */
export interface ListedSecretVersions {
  readonly arn: string;
  /** Version ids with their staging labels; versions without labels are not listed. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
}

export interface SecretPage {
  readonly secrets: readonly ListedSecretVersions[];
  /** Names the next page; undefined on the last one. */
  readonly next: string | undefined;
}
