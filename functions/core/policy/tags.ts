/** The keys of all tags that register a secret with Keyturn. */

/**
 * The tags that register a secret with Keyturn.
 * Handlers, IAM conditions, the manifest and the docs read them from here.
 */
export const TAGS = {
  installation: 'keyturn:installation',
  issuer: 'keyturn:issuer',
  owner: 'keyturn:owner',
  environment: 'keyturn:environment',
  purpose: 'keyturn:purpose',
  admin: 'keyturn:admin',
  field: 'keyturn:field',
  format: 'keyturn:format',
  rotateEvery: 'keyturn:rotate-every',
  maxAge: 'keyturn:max-age',
  rotateBeforeExpiry: 'keyturn:rotate-before-expiry',
  warnBefore: 'keyturn:warn-before',
  minGrace: 'keyturn:min-grace',
  maxGrace: 'keyturn:max-grace',
  evidence: 'keyturn:evidence',
  unusedFor: 'keyturn:unused-for',
  cacheTtl: 'keyturn:cache-ttl',
  onMaxGrace: 'keyturn:on-max-grace',
  rotationWindows: 'keyturn:rotation-windows',
  freezes: 'keyturn:freezes',
  jitter: 'keyturn:jitter',
  maxLifetime: 'keyturn:max-lifetime',
  scopes: 'keyturn:scopes',
  onInactive: 'keyturn:on-inactive',
  onMaxAge: 'keyturn:on-max-age',
  rotateAfter: 'keyturn:rotate-after',
  soakTime: 'keyturn:soak-time',
  bakeTime: 'keyturn:bake-time',
  healthSignals: 'keyturn:health-signals',
  baselinePeriod: 'keyturn:baseline-period',
  sensitivity: 'keyturn:sensitivity',
  containmentDeadline: 'keyturn:containment-deadline',
  onContainmentDeadline: 'keyturn:on-containment-deadline',
  disableWait: 'keyturn:disable-wait',
  overlap: 'keyturn:overlap',
} as const;

/**
 * One tag of this beginning for each consumer: the rest of its key is the consumer's name, its value
 * `kind:target`.
 */
export const CONSUMER_TAG = 'keyturn:consumer:';

/** The tags of a secret, value by key. */
export type Tags = ReadonlyMap<string, string>;

/** Something wrong with what tags say that does not stop a rotation. A finding is made of it. */
export interface TagProblem {
  /**
   * `tag-invalid`: one tag that is missing, unknown, or cannot be read.
   * `policy-unkeepable`: fields that cannot be kept together, or at the issuer.
   */
  readonly kind: 'tag-invalid' | 'policy-unkeepable';
  readonly detail: string;
}

/** How several values stand in one tag: apart by blanks, or by ` + ` where they have blanks themselves. */
export const TAG_LISTS = new Map<string, { readonly join: string; readonly split: RegExp }>([
  ['warnBefore', { join: ' ', split: /[\s,/]+/ }],
  ['scopes', { join: ' ', split: /\s+/ }],
  ['rotationWindows', { join: ' + ', split: /\s\+\s/ }],
  ['freezes', { join: ' + ', split: /\s\+\s/ }],
  ['healthSignals', { join: ' + ', split: /\s\+\s/ }],
]);
