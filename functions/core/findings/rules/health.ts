import type { FindingRule } from './rule.ts';

/** What a health signal after a promotion leads to. */
export const HEALTH_RULES = {
  'rotation-rolled-back': {
    title: 'A new credential was withdrawn after a health signal',
    impact: 'The previous credential is current again, so consumers work as before. The next rotation waits.',
    action: 'Find out whether the new credential caused the signal. Then run `keyturn rotate`.',
    runbook: 'runbook-rotation-rolled-back',
  },
  'rollback-failed': {
    title: 'A health signal fired and no earlier credential can come back',
    impact: 'Consumers may fail with the new credential, and the one before is inactive or compromised.',
    action: 'Look at what the signal measures. If the new credential is the cause, run `keyturn rotate`.',
    runbook: 'runbook-rollback-failed',
  },
} as const satisfies Record<string, FindingRule>;
