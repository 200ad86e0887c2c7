import type { FindingRule } from './rule.ts';

/**
 * What can be wrong about a token's place in the estate, and about the estate: the part of the table of
 * findings that access reviews are about.
 */
export const INVENTORY_RULES = {
  'secret-unregistered': {
    title: 'Secrets that are not registered',
    impact: 'They are not rotated, and no alert comes when one of them expires or leaks.',
    action:
      'Go through `keyturn review list`. Register those that hold tokens, and name the others under ' +
      '`discovery.ignore`.',
    runbook: 'runbook-secret-unregistered',
  },
  'owner-missing': {
    title: 'A token without an owner',
    impact: 'Its alerts reach no owner, and it is unknown whether it is still needed.',
    action: 'Find its owner, and correct its tag keyturn:owner.',
    runbook: 'runbook-owner-missing',
  },
  'token-shared': {
    title: 'One token for several services',
    impact: 'If one service leaks it, all of them lose it. Nothing tells which of them used it.',
    action: 'Give each service a token of its own, or approve it with `keyturn review approve`.',
    runbook: 'runbook-token-shared',
  },
  'credential-duplicated': {
    title: 'One credential in two secrets',
    impact: 'Neither can be retired without breaking the other, and Keyturn revokes it for neither of them.',
    action: 'Leave it in one of them. Give the other a credential of its own with `keyturn rotate`.',
    runbook: 'runbook-credential-duplicated',
  },
  'token-unused': {
    title: 'A token without use',
    impact: 'It can be stolen, and no consumer needs it.',
    action: 'Ask its owner. Then end it with `keyturn retire`, or approve it with `keyturn review approve`.',
    runbook: 'runbook-token-unused',
  },
  'over-privileged': {
    title: 'A token may do more than was approved',
    impact: 'A thief can do more than its consumers need.',
    action: 'Narrow the scopes of its grant and rotate it, or approve them with `keyturn review approve`.',
    runbook: 'runbook-over-privileged',
  },
  'credential-unrecognized': {
    title: 'Credentials at an issuer that no token knows',
    impact: 'They are not rotated and no alert covers them. Keyturn never touches them.',
    action: 'Find their owner at the issuer. Revoke them there, or register their secrets.',
    runbook: 'runbook-credential-unrecognized',
  },
  'review-rejected': {
    title: 'A token was rejected in a review',
    impact: 'It is still active although a person rejected it.',
    action:
      'End it with `keyturn retire`, or approve it with `keyturn review approve` when the reason is gone.',
    runbook: 'runbook-review-rejected',
  },
  'review-due': {
    title: 'Tokens have to be reviewed again',
    impact: 'Their last review is longer ago than the settings allow.',
    action: 'Go through them with `keyturn review list`.',
    runbook: 'runbook-review-due',
  },
  'secret-deleted': {
    title: 'The secret is deleted, and its credential still works',
    impact:
      'Consumers cannot read it any more. Anyone who has the old value can still use it, and nothing ' +
      'revokes it by itself.',
    action:
      'Restore the secret if it was a mistake. Otherwise run `keyturn retire`, which revokes what is ' +
      'left of it.',
    runbook: 'runbook-secret-deleted',
  },
} as const satisfies Record<string, FindingRule>;
