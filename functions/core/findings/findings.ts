import * as z from 'zod';
import { ADMIN_RULES } from './rules/admin.ts';
import { DETECTION_RULES } from './rules/detection.ts';
import { INVENTORY_RULES } from './rules/inventory.ts';
import type { FindingRule } from './rules/rule.ts';
import { HEALTH_RULES } from './rules/health.ts';
import { SELF_RULES } from './rules/self.ts';
import { TAG_RULES } from './rules/tags.ts';
import { kept } from '../basics/record.ts';

/** Every kind of finding. A kind without impact, action and runbook does not compile; the runbook sections are checked against this table. */
export const FINDING_RULES = {
  'token-expiring': {
    title: 'Token expires soon',
    impact: 'When it expires, the issuer rejects every consumer of this token.',
    action: 'Find out why it was not rotated (other findings of this token say), then run `keyturn rotate`.',
    runbook: 'runbook-token-expiring',
  },
  'max-age-near': {
    title: 'Token reaches its maximum age soon',
    impact:
      'Nothing breaks at once. When it is older than its policy allows, Keyturn does what the policy says.',
    action: 'Find out why it was not rotated (other findings of this token say), then run `keyturn rotate`.',
    runbook: 'runbook-max-age-near',
  },
  'token-expired': {
    title: 'Token has expired',
    impact: 'The issuer rejects consumers of this token now.',
    action: 'Run `keyturn rotate`. If that fails, create a token by hand and store it in the secret.',
    runbook: 'runbook-token-expired',
  },
  'token-inactive': {
    title: 'The issuer rejects the current token',
    impact: 'The issuer rejects consumers of this token now.',
    action: 'Find out who revoked it, then run `keyturn rotate`.',
    runbook: 'runbook-token-inactive',
  },
  'validity-unknown': {
    title: 'The issuer does not say whether the current token works',
    impact: 'It may be inactive, and consumers may fail without another alert.',
    action: 'Find out why the issuer does not answer Keyturn: its address, the network path, its limits.',
    runbook: 'runbook-validity-unknown',
  },
  'clock-skew': {
    title: 'The clocks of the issuer and of Keyturn differ',
    impact: 'Expiry dates are uncertain by as much: consumers may be rejected earlier than a date says.',
    action: 'Have the clock of the issuer corrected. Rotate by hand what expires before that.',
    runbook: 'runbook-clock-skew',
  },
  ...INVENTORY_RULES,
  'max-age-exceeded': {
    title: 'The current token is older than its policy allows',
    impact: 'The longer a credential is used, the more copies of it exist, and the longer a lost one works.',
    action: 'Find out why it was not rotated (other findings of this token say), then run `keyturn rotate`.',
    runbook: 'runbook-max-age-exceeded',
  },
  'rotation-failed': {
    title: 'Rotation failed',
    impact: 'Nothing breaks yet: the current token still works until it expires.',
    action: 'Do what the error says. Keyturn tries again at every sweep.',
    runbook: 'runbook-rotation-failed',
  },
  'rotation-stuck': {
    title: 'Rotation does not end',
    impact: 'The token is not replaced. The current one works until it expires.',
    action: 'Look at the error of the last step. Keyturn aborts the attempt and starts again.',
    runbook: 'runbook-rotation-stuck',
  },
  'credential-limit-reached': {
    title: 'Rotation waits for a free slot',
    impact: 'No further credential is created. The current one works until it expires.',
    action:
      "Move the consumers of the previous credential, so that it can be revoked. If the sentence names the issuer's limit, free a slot there.",
    runbook: 'runbook-credential-limit-reached',
  },
  'rotation-deferred': {
    title: 'Rotation waits',
    impact:
      'Nothing breaks yet. The token is replaced when the wait is over, or when its own expiry comes near.',
    action:
      'Fix the token that it follows, if the sentence names one. Or run `keyturn rotate`, which does not wait.',
    runbook: 'runbook-rotation-deferred',
  },
  'revocation-blocked': {
    title: 'An old credential could not be revoked',
    impact: 'It stays active: it may still be in use, or the issuer does not answer.',
    action: 'Read the reason. If the credential is really unused, revoke it at the issuer.',
    runbook: 'runbook-revocation-blocked',
  },
  'revocation-ineffective': {
    title: 'A revoked credential still works',
    impact: 'Anyone who has the old value can still use it.',
    action: 'Revoke it at the issuer by hand. Ask the issuer why the revocation had no effect.',
    runbook: 'runbook-revocation-ineffective',
  },
  'previous-credential-in-use': {
    title: 'Consumers still use the old credential',
    impact: 'The old credential stays active past its `maxGrace`. It is revoked when they have moved.',
    action: 'Restart or update the consumers that still use it. Then Keyturn revokes it.',
    runbook: 'runbook-previous-credential-in-use',
  },
  'previous-credential-expiring': {
    title: 'An old credential expires while it is in use',
    impact:
      'When it expires, the issuer rejects the consumers that still use it, whatever grace period the policy says.',
    action: 'Restart or update the consumers that the sentence names before that date.',
    runbook: 'runbook-previous-credential-expiring',
  },
  'delivery-failed': {
    title: 'A consumer did not get the new value',
    impact: 'It still uses the old credential, which Keyturn keeps for it. The rotation stands.',
    action: 'Do what the sentence says. Keyturn tries again by itself.',
    runbook: 'runbook-delivery-failed',
  },
  'replica-out-of-sync': {
    title: 'A copy of the secret in another Region is not up to date',
    impact:
      'Consumers there may have an old value. No old credential is revoked while they may need it, unless it leaked or a person asked.',
    action:
      'Fix the copy: the sentence names its Region and what AWS says. If no consumer there needs it, run `keyturn dismiss TOKEN replica/REGION`.',
    runbook: 'runbook-replica-out-of-sync',
  },
  'credential-orphaned': {
    title: 'A lost credential of this installation was found',
    impact: 'An active credential existed that no secret names. Keyturn revokes it.',
    action:
      'Nothing, if it resolves. If orphaned credentials return, look at the errors of the rotation function.',
    runbook: 'runbook-credential-orphaned',
  },
  'version-kept': {
    title: 'A credential is kept by a label',
    impact: 'It stays active although no rotation needs it, and takes a slot of its issuer.',
    action: 'Do what the sentence says: make it current, revoke it, or remove the label.',
    runbook: 'runbook-version-kept',
  },
  'credential-unmanaged': {
    title: 'A credential Keyturn cannot manage',
    impact: 'It will never be rotated or revoked by Keyturn.',
    action: 'Find its owner. Revoke it at the issuer by hand, or register its secret.',
    runbook: 'runbook-credential-unmanaged',
  },
  'secret-unusable': {
    title: 'Keyturn cannot manage this secret as it is',
    impact: 'The token is not rotated, and expires at its date.',
    action: 'Do what the sentence says. The secret was not changed.',
    runbook: 'runbook-secret-unusable',
  },
  ...TAG_RULES,
  ...DETECTION_RULES,
  'credential-leaked': {
    title: 'A credential has leaked',
    impact: 'Anyone who found it can use it until it is revoked. Consumers that still use it then fail.',
    action:
      'Nothing, if it resolves within minutes. Otherwise read what it waits for. Find out who used it meanwhile.',
    runbook: 'runbook-credential-leaked',
  },
  'leak-not-contained': {
    title: 'A leaked credential is not replaced and revoked in time',
    impact: 'Whoever found it may still use it.',
    action: 'Read why in the other findings. If nothing helps, revoke it at the issuer by hand.',
    runbook: 'runbook-leak-not-contained',
  },
  'leak-reports-rate-limited': {
    title: 'Too many leaks are reported at once',
    impact:
      'Further reports of scanners are recorded and not acted on: false reports in bulk would break every consumer at once.',
    action: 'Check whether the reports are real. Then run `keyturn report-leak` for the tokens that wait.',
    runbook: 'runbook-leak-reports-rate-limited',
  },
  ...HEALTH_RULES,
  ...ADMIN_RULES,
  ...SELF_RULES,
} as const satisfies Record<string, FindingRule>;

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

/** Every kind has a rule and every rule a kind, or this line does not compile. */
FINDING_RULES satisfies Record<FindingKind, FindingRule>;
FINDING_KINDS.enum satisfies Record<keyof typeof FINDING_RULES, string>;

export const Severity = z.enum(['info', 'warning', 'critical']);
export type Severity = z.infer<typeof Severity>;

const RANK: Record<Severity, number> = { info: 0, warning: 1, critical: 2 };

export function isWorse(a: Severity, b: Severity): boolean {
  return RANK[a] > RANK[b];
}

/** What comes next if nobody acts. */
export const Outlook = kept({ at: z.number(), becomes: z.enum(['critical', 'expired']) });
export type Outlook = z.infer<typeof Outlook>;

/** Something wrong with a token, as kept in the inventory. `sequence` grows with each opening, escalation and resolve, also over records that were lost: one alert per step. */
export const Finding = kept({
  kind: FINDING_KINDS,
  /** Tells apart findings of one kind on one token, such as two strays; empty for most kinds. */
  subject: z.string(),
  severity: Severity,
  /** How many of the policy's warnings before the end were due when it was last told of. */
  warnings: z.number().int().nonnegative().optional(),
  state: z.enum(['open', 'resolved']),
  detail: z.string(),
  openedAt: z.number(),
  /** When it last got worse, or a further warning came due, since it opened. */
  escalatedAt: z.number().optional(),
  /** What comes next if nobody acts, as last seen. */
  outlook: Outlook.optional(),
  seenAt: z.number(),
  resolvedAt: z.number().optional(),
  /** A person has taken it on: since when, and who. It ends when the finding gets worse or is over. */
  acknowledged: kept({ at: z.number(), by: z.string() }).optional(),
  sequence: z.number().int().positive(),
});
export type Finding = z.infer<typeof Finding>;

/** What is wrong at this moment, before it is held against what was known. */
export interface Observation {
  readonly kind: FindingKind;
  readonly subject?: string;
  readonly severity: Severity;
  readonly detail: string;
  /** How many of the policy's warnings before the end are due by now: with each further one it is told of again. */
  readonly warnings?: number | undefined;
  readonly outlook?: Outlook | undefined;
}

/** The runbook that Keyturn comes with, relative to the root of its repository. */
export const RUNBOOK_PAGE = 'docs/runbook.md';

/** Where the runbook is read: in the page that the settings name, else in the one that Keyturn came with. */
export function runbookPage(page: string | undefined): string {
  return page?.replace(/#.*$/, '') ?? RUNBOOK_PAGE;
}

/** Where a section of it is read. */
export function runbookAt(section: `runbook-${string}`, page: string | undefined): string {
  return `${runbookPage(page)}#${section}`;
}

/** Where a finding stands within one installation. */
export function findingKey(tokenId: string, finding: { kind: FindingKind; subject: string }): string {
  return [tokenId, finding.kind, finding.subject].filter((part) => part !== '').join('/');
}
