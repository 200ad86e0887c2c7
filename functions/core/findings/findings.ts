/** Findings as Keyturn keeps them: their kinds, severities, and what is observed at this moment. */
import * as z from 'zod';
import { kept } from '../basics/record.ts';

/** Every kind of finding. */
export const FINDING_KINDS = z.enum([
  'token-expiring',
  'max-age-near',
  'token-expired',
  'token-inactive',
  'validity-unknown',
  'clock-skew',
  'secret-deleted',
  'max-age-exceeded',
  'rotation-failed',
  'rotation-stuck',
  'credential-limit-reached',
  'rotation-deferred',
  'value-due',
  'revocation-due',
  'revocation-blocked',
  'revocation-ineffective',
  'previous-credential-in-use',
  'previous-credential-expiring',
  'delivery-failed',
  'replica-out-of-sync',
  'credential-orphaned',
  'version-kept',
  'credential-unmanaged',
  'rotation-rolled-back',
  'rollback-failed',
  'secret-unusable',
  'tag-invalid',
  'policy-unkeepable',
  'reader-unrecognized',
  'bulk-read',
  'reader-location-new',
  'read-volume-unusual',
  'access-denied',
  'noncurrent-version-read',
  'out-of-band-change',
  'rotation-disabled',
  'kms-key-unusable',
  'dormant-token-read',
  'scope-drift',
  'credential-leaked',
  'leak-not-contained',
  'leak-reports-rate-limited',
  'admin-credential-expiring',
  'admin-credential-unusable',
  'issuing-credential-leaked',
  'admin-credential-leaked',
  'alert-subscription-unhealthy',
  'cloudtrail-events-missing',
  'test-alert-sent',
  'secret-unregistered',
  'owner-missing',
  'token-shared',
  'credential-duplicated',
  'token-unused',
  'over-privileged',
  'credential-unrecognized',
  'review-rejected',
  'review-due',
]);

export type FindingKind = z.infer<typeof FINDING_KINDS>;

/** How bad a finding is, from least to worst. */
export const Severity = z.enum(['info', 'warning', 'critical']);

export type Severity = z.infer<typeof Severity>;

const RANK: Record<Severity, number> = { info: 0, warning: 1, critical: 2 };

/** Whether one severity is worse than another. */
export function isWorse(a: Severity, b: Severity): boolean {
  return RANK[a] > RANK[b];
}

/** What comes next if no person acts. */
export const Outlook = kept({ at: z.number(), becomes: z.enum(['critical', 'expired']) });

export type Outlook = z.infer<typeof Outlook>;

/**
 * Something wrong with a token, as kept in the inventory.
 * `sequence` grows with each opening, escalation and resolve, also over records that were lost: one alert
 * per step.
 */
export const Finding = kept({
  kind: FINDING_KINDS,
  /**
   * Tells apart findings of one kind on one token, such as two orphaned credentials. Empty for most kinds.
   */
  subject: z.string(),
  severity: Severity,
  /** How many of the policy's warnings before the end were due when it was last reported. */
  warnings: z.number().int().nonnegative().optional(),
  state: z.enum(['open', 'resolved']),
  detail: z.string(),
  openedAt: z.number(),
  /** When it last got worse, or a further warning came due, since it opened. */
  escalatedAt: z.number().optional(),
  /** What comes next if no person acts, as last seen. */
  outlook: Outlook.optional(),
  seenAt: z.number(),
  resolvedAt: z.number().optional(),
  /** A person acknowledged it: since when, and who. It ends when the finding gets worse or is over. */
  acknowledged: kept({ at: z.number(), by: z.string() }).optional(),
  sequence: z.number().int().positive(),
});

export type Finding = z.infer<typeof Finding>;

/** What is wrong at this moment, before it is compared with what was known. */
export interface Observation {
  readonly kind: FindingKind;
  readonly subject?: string;
  readonly severity: Severity;
  readonly detail: string;
  /**
   * How many of the policy's warnings before the end are due by now. With each further one it is reported
   * again.
   */
  readonly warnings?: number | undefined;
  readonly outlook?: Outlook | undefined;
}

/** Where a finding stands within one installation. */
export function findingKey(tokenId: string, finding: { kind: FindingKind; subject: string }): string {
  return [tokenId, finding.kind, finding.subject].filter((part) => part !== '').join('/');
}
