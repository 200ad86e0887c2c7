import type { FindingRule } from './rule.ts';

/** What detection finds, with a trail or without. */
export const DETECTION_RULES = {
  'reader-unrecognized': {
    title: 'Read by somebody who never read it before',
    impact: 'If it is nobody of yours, the current value is in wrong hands.',
    action:
      'Find out who it is: `keyturn dismiss` if it should read this token; if not, take its permission away and `keyturn revoke` the current credential.',
    runbook: 'runbook-reader-unrecognized',
  },
  'bulk-read': {
    title: 'One principal read many tokens that it does not usually read',
    impact: 'If it is nobody of yours, all these values are in wrong hands at once.',
    action:
      'Find out who it is: if it is nobody of yours, stop its sessions and report each token with `keyturn report-leak`; if it should read them, `keyturn dismiss` each.',
    runbook: 'runbook-bulk-read',
  },
  'reader-location-new': {
    title: 'Read from a place where its reader never was',
    impact: 'If the reader did not move, somebody else has its credentials, and with them the current value.',
    action:
      'Ask the owner of the reader: `keyturn dismiss` if it moved; if not, revoke its sessions and `keyturn revoke` the current credential.',
    runbook: 'runbook-reader-location-new',
  },
  'read-volume-unusual': {
    title: 'Read far more often than usual',
    impact:
      'A consumer loops, or somebody reads again and again; calls cost, and Secrets Manager may throttle others.',
    action: 'Look at the reader that the text names; let it keep what it has read for a while.',
    runbook: 'runbook-read-volume-unusual',
  },
  'access-denied': {
    title: 'Somebody was denied',
    impact:
      'Nothing was given out. A consumer has lost a permission, or somebody is trying doors, or all of them at once.',
    action: 'If it is a consumer of yours, mend its role; if not, find out who it is.',
    runbook: 'runbook-access-denied',
  },
  'noncurrent-version-read': {
    title: 'A version was read that no consumer should read',
    impact: 'A retired value is of no use at the issuer any more; a pending one soon will be.',
    action: 'Let consumers read AWSCURRENT; find out who reads by version.',
    runbook: 'runbook-noncurrent-version-read',
  },
  'out-of-band-change': {
    title: 'Changed outside of a rotation',
    impact:
      'The value, its key, policy, tags or copies are not what Keyturn left: consumers may get another value, others may read it, or Keyturn may look after it otherwise.',
    action: 'Find out who did it and why; put it back, or `keyturn dismiss` it.',
    runbook: 'runbook-out-of-band-change',
  },
  'rotation-disabled': {
    title: 'Rotation is switched off or goes elsewhere',
    impact: 'The token is not replaced; a foreign rotation function is given its next value.',
    action: 'Attach the rotation function of its provider again: `keyturn apply` does.',
    runbook: 'runbook-rotation-disabled',
  },
  'kms-key-unusable': {
    title: 'An encryption key is disabled or scheduled for deletion',
    impact: 'What is stored under it cannot be read: tokens by their consumers, or the inventory by Keyturn.',
    action: 'Enable the key again, or cancel its deletion; then find out who did it.',
    runbook: 'runbook-kms-key-unusable',
  },
  'dormant-token-read': {
    title: 'Read for the first time after a long silence',
    impact: 'Nothing by itself: a rare job ran, or somebody found an unused token.',
    action: 'See whether the reader that the text names is the one you expect.',
    runbook: 'runbook-dormant-token-read',
  },
  'scope-drift': {
    title: 'The token may do other things than when it was made',
    impact:
      'Somebody changed it at the issuer: it may be able to do more than was granted, or less than its consumers need.',
    action: 'Compare its scopes with its grant; `keyturn rotate` makes one as it was granted.',
    runbook: 'runbook-scope-drift',
  },
} as const satisfies Record<string, FindingRule>;
