import type { FindingRule } from './rule.ts';

/** What can be wrong with the admin credentials that tokens are made with. */
export const ADMIN_RULES = {
  'admin-credential-expiring': {
    title: 'An admin credential expires soon',
    impact: 'When it expires, no token that is made with it can be replaced or revoked.',
    action: 'Make a new one at the issuer and store it in the admin secret.',
    runbook: 'runbook-admin-credential-expiring',
  },
  'admin-credential-unusable': {
    title: 'An admin credential cannot be used',
    impact:
      'No token that is made with it can be replaced or revoked; current tokens work until they expire.',
    action:
      'Make a new one at the issuer and store it in the admin secret, or correct what the sentence names.',
    runbook: 'runbook-admin-credential-unusable',
  },
  'issuing-credential-leaked': {
    title: 'The admin credential behind this token was out',
    impact: 'Whoever had it could read, make or kill credentials of this account until it was replaced.',
    action:
      'Nothing, if it resolves: the token is replaced. Look at the issuer for credentials that nobody here made.',
    runbook: 'runbook-issuing-credential-leaked',
  },
  'admin-credential-leaked': {
    title: 'An admin credential is out',
    impact:
      'Whoever found it can make and kill every credential that it may make, and at some issuers read them.',
    action:
      'Make a new one at the issuer, store it in the admin secret, and kill the old one there; every token that it could make is then replaced.',
    runbook: 'runbook-admin-credential-leaked',
  },
} as const satisfies Record<string, FindingRule>;
