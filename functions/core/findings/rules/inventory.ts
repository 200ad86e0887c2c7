import type { FindingRule } from './rule.ts';

/** What can be wrong about a token's place in the estate, and about the estate: the part of the table of findings that access reviews are about. */
export const INVENTORY_RULES = {
  'secret-unregistered': {
    title: 'Secrets that nobody registered',
    impact: 'They are not rotated, and nobody hears when one of them expires or leaks.',
    action:
      'Go through `keyturn review list`: register those that hold tokens, and name the others under `discovery.ignore`.',
    runbook: 'runbook-secret-unregistered',
  },
  'owner-missing': {
    title: 'A token without an owner',
    impact: 'Nobody hears of it, and nobody knows whether it is still needed.',
    action: 'Find out whose it is, and correct its tag keyturn:owner.',
    runbook: 'runbook-owner-missing',
  },
  'token-shared': {
    title: 'One token for several services',
    impact: 'What one service loses all of them lose, and nobody can tell which of them used it.',
    action: 'Give each service a token of its own, or approve it with `keyturn review approve`.',
    runbook: 'runbook-token-shared',
  },
  'credential-duplicated': {
    title: 'One credential in two secrets',
    impact: 'Neither can be retired without breaking the other, and Keyturn kills it for neither of them.',
    action: 'Leave it in one of them; give the other a credential of its own with `keyturn rotate`.',
    runbook: 'runbook-credential-duplicated',
  },
  'token-unused': {
    title: 'A token that nobody uses',
    impact: 'It can be stolen, and would be missed by nobody.',
    action: 'Ask its owner, then end it with `keyturn retire`; or approve it with `keyturn review approve`.',
    runbook: 'runbook-token-unused',
  },
  'over-privileged': {
    title: 'A token may do more than was approved',
    impact: 'Whoever steals it can do more than its consumers need.',
    action: 'Narrow the scopes of its grant and rotate it; or approve them with `keyturn review approve`.',
    runbook: 'runbook-over-privileged',
  },
  'credential-unrecognized': {
    title: 'Credentials at an issuer that no token knows',
    impact: 'Nobody rotates them or hears of them, and Keyturn never touches them.',
    action: 'Find out whose they are at the issuer: revoke them there, or register their secrets.',
    runbook: 'runbook-credential-unrecognized',
  },
  'review-rejected': {
    title: 'A person refused a token in a review',
    impact: 'It lives on although somebody decided that it should not.',
    action:
      'End it with `keyturn retire`; or approve it with `keyturn review approve` once the reason is gone.',
    runbook: 'runbook-review-rejected',
  },
  'review-due': {
    title: 'Tokens have to be reviewed again',
    impact: 'Nobody has looked at them for longer than the settings allow.',
    action: 'Go through them with `keyturn review list`.',
    runbook: 'runbook-review-due',
  },
  'secret-deleted': {
    title: 'The secret is deleted, and its credential still works',
    impact:
      'Consumers cannot read it any more, and whoever holds the old value can go on using it: nothing ends it by itself.',
    action:
      'Restore the secret if it was a mistake; else run `keyturn retire`, which kills what is left of it.',
    runbook: 'runbook-secret-deleted',
  },
} as const satisfies Record<string, FindingRule>;
