/** The title, impact, action and runbook section of every kind of finding. */
import { ADMIN_RULES } from './rules/admin.ts';
import { DETECTION_RULES } from './rules/detection.ts';
import { INVENTORY_RULES } from './rules/inventory.ts';
import type { FindingRule } from './rules/rule.ts';
import { HEALTH_RULES } from './rules/health.ts';
import { LEAK_RULES } from './rules/leaks.ts';
import { PEOPLE_RULES } from './rules/people.ts';
import { SELF_RULES } from './rules/self.ts';
import { TAG_RULES } from './rules/tags.ts';
import { FINDING_KINDS, type FindingKind } from './findings.ts';

/**
 * Every kind of finding. A kind without impact, action and runbook does not compile.
 * The runbook sections are checked against this table.
 */
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
    action:
      'Read in the finding why. If the lists of the issuer leave the credential out, run `keyturn rotate`. ' +
      'Otherwise mend the address, the network path or a limit.',
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
      'Move the consumers of the previous credential, so that it can be revoked. ' +
      "If the sentence names the issuer's limit, free a slot there.",
    runbook: 'runbook-credential-limit-reached',
  },
  'rotation-deferred': {
    title: 'Rotation waits',
    impact:
      'Nothing breaks yet. The token is replaced when the wait is over, or when its own expiry comes near.',
    action:
      'Fix the token that it follows, if the sentence names one. ' +
      'Or run `keyturn rotate`, which does not wait.',
    runbook: 'runbook-rotation-deferred',
  },
  'revocation-blocked': {
    title: 'An old credential could not be revoked',
    impact: 'It is not revoked: it may still be in use, or the issuer does not answer.',
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
      'When it expires, the issuer rejects the consumers that still use it, ' +
      'whatever grace period the policy says.',
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
      'Consumers there may have an old value. ' +
      'No old credential is revoked while they may need it, unless it leaked or a person asked.',
    action:
      'Fix the copy: the sentence names its Region and what AWS says. ' +
      'If no consumer there needs it, run `keyturn dismiss TOKEN replica/REGION`.',
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
  ...LEAK_RULES,
  ...PEOPLE_RULES,
  ...HEALTH_RULES,
  ...ADMIN_RULES,
  ...SELF_RULES,
} as const satisfies Record<string, FindingRule>;

/** Every kind has a rule and every rule a kind, or this line does not compile. */
FINDING_RULES satisfies Record<FindingKind, FindingRule>;
FINDING_KINDS.enum satisfies Record<keyof typeof FINDING_RULES, string>;
