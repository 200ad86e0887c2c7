import type { FindingRule } from './rule.ts';

/** What detection finds, with a trail or without. */
export const DETECTION_RULES = {
  'reader-unrecognized': {
    title: 'A new reader',
    impact: 'If you do not know the reader, the current value is in wrong hands.',
    action:
      'Find out who it is. If it should read this token, run `keyturn dismiss`. If not, remove its ' +
      'permission and `keyturn revoke` the current credential.',
    runbook: 'runbook-reader-unrecognized',
  },
  'bulk-read': {
    title: 'One principal read many tokens that it does not usually read',
    impact: 'If you do not know the principal, all these values are in wrong hands at once.',
    action:
      'Find out who it is. If you do not know it, end its sessions and report each token with `keyturn ' +
      'report-leak`. If it should read them, `keyturn dismiss` each.',
    runbook: 'runbook-bulk-read',
  },
  'reader-location-new': {
    title: 'Read from a new network',
    impact: 'If the reader did not move, another caller has its credentials and the current value.',
    action:
      'Ask the owner of the reader. If it moved, run `keyturn dismiss`. If not, revoke its sessions ' +
      'and `keyturn revoke` the current credential.',
    runbook: 'runbook-reader-location-new',
  },
  'read-volume-unusual': {
    title: 'Read far more often than usual',
    impact:
      'A consumer loops, or a caller reads again and again. Calls cost money, and Secrets Manager may ' +
      'throttle others.',
    action: 'Look at the reader that the text names. Let it cache what it read.',
    runbook: 'runbook-read-volume-unusual',
  },
  'access-denied': {
    title: 'Access was denied',
    impact: 'Nothing was given out. A consumer lost a permission, or a caller tries what it may not read.',
    action: 'If it is your consumer, fix its role. If not, find out who it is.',
    runbook: 'runbook-access-denied',
  },
  'noncurrent-version-read': {
    title: 'A version was read that no consumer should read',
    impact: 'A revoked value does not work at the issuer any more. A pending one soon will.',
    action: 'Let consumers read AWSCURRENT. Find out who reads by version.',
    runbook: 'runbook-noncurrent-version-read',
  },
  'out-of-band-change': {
    title: 'Changed outside of a rotation',
    impact:
      'The value, its key, policy, tags or copies are not as Keyturn left them. Consumers may get ' +
      'another value, or others may read it.',
    action: 'Find out who did it and why. Undo it, or `keyturn dismiss` it.',
    runbook: 'runbook-out-of-band-change',
  },
  'rotation-disabled': {
    title: 'Rotation is switched off or goes elsewhere',
    impact: 'The token is not replaced. A foreign rotation function gets its next value.',
    action: 'Attach the rotation function of its issuer again: `keyturn apply` does.',
    runbook: 'runbook-rotation-disabled',
  },
  'kms-key-unusable': {
    title: 'An encryption key is disabled or scheduled for deletion',
    impact: 'What is stored under it cannot be read: tokens by their consumers, or the inventory by Keyturn.',
    action: 'Enable the key again, or cancel its deletion. Then find out who did it.',
    runbook: 'runbook-kms-key-unusable',
  },
  'dormant-token-read': {
    title: 'Read for the first time after a long silence',
    impact: 'Nothing by itself: a rare job ran, or a caller found an unused token.',
    action: 'Check whether you expect the reader that the text names.',
    runbook: 'runbook-dormant-token-read',
  },
  'scope-drift': {
    title: 'The token has other permissions than when it was created',
    impact: 'It was changed at the issuer. It may do more than was granted, or less than its consumers need.',
    action: 'Compare its scopes with its grant. `keyturn rotate` creates one as granted.',
    runbook: 'runbook-scope-drift',
  },
} as const satisfies Record<string, FindingRule>;
