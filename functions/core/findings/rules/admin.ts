import type { FindingRule } from './rule.ts';

/** What can be wrong with the admin credentials that tokens are made with. */
export const ADMIN_RULES = {
  'admin-credential-expiring': {
    title: 'An admin credential expires soon',
    impact: 'When it expires, no token that is created with it can be replaced or revoked.',
    action: 'Create a new one at the issuer and store it in the admin secret.',
    runbook: 'runbook-admin-credential-expiring',
  },
  'admin-credential-unusable': {
    title: 'An admin credential cannot be used',
    impact:
      'No token that is created with it can be replaced or revoked. Current tokens work until they expire.',
    action:
      'Create a new one at the issuer and store it in the admin secret, or correct what the sentence names.',
    runbook: 'runbook-admin-credential-unusable',
  },
  'issuing-credential-leaked': {
    title: 'The admin credential behind this token leaked',
    impact: 'Its finder could read, create or revoke credentials of this account until it was replaced.',
    action:
      'Nothing, if it resolves: the token is replaced. Look at the issuer for credentials that you did ' +
      'not create.',
    runbook: 'runbook-issuing-credential-leaked',
  },
  'admin-credential-leaked': {
    title: 'An admin credential has leaked',
    impact:
      'Its finder can create and revoke every credential that it is allowed to, and read them at ' +
      'some issuers.',
    action:
      'Create a new one at the issuer, store it in the admin secret, and revoke the old one there. ' +
      'Keyturn then replaces every token that it could create.',
    runbook: 'runbook-admin-credential-leaked',
  },
} as const satisfies Record<string, FindingRule>;
