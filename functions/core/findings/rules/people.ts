import type { FindingRule } from './rule.ts';

/** What people are asked to do at an issuer, where it has no API for that. */
export const PEOPLE_RULES = {
  'value-due': {
    title: 'A new token is due: create it and submit it',
    impact: 'Only a person can create it. The current token works until it expires or is revoked.',
    action:
      'Create one at the page that the sentence names, then run `keyturn rotate TOKEN --value-stdin`. ' +
      '`keyturn issuer show` prints each step.',
    runbook: 'runbook-value-due',
  },
  'revocation-due': {
    title: 'An old token is to be revoked at its issuer',
    impact: 'Only a person can revoke it. Until then, whoever has the old value can use it.',
    action:
      'Revoke it at the page that the sentence names. Keyturn then asks the issuer until it rejects the ' +
      'value. `keyturn issuer show` prints each step.',
    runbook: 'runbook-revocation-due',
  },
} as const satisfies Record<string, FindingRule>;
