import type { FindingRule } from './rule.ts';

/** What can be wrong with Keyturn's own means: what it tells people by, and what it sees by. */
export const SELF_RULES = {
  'alert-subscription-unhealthy': {
    title: 'Alerts do not reach everybody who should get them',
    impact: 'Findings may open, get worse and resolve without a notification.',
    action:
      'Run `keyturn alerts list`. Confirm what waits with `keyturn alerts confirm`, and deploy again ' +
      'what is gone. If canaries do not arrive, look along their way.',
    runbook: 'runbook-alert-subscription-unhealthy',
  },
  'cloudtrail-events-missing': {
    title: 'CloudTrail events are missing',
    impact:
      'Detection sees nothing: no alert comes for unusual reads, or for changes by others. Rotation goes on.',
    action:
      "Check that the CloudTrail trail logs, reads included, and that Keyturn's rule is enabled for " +
      'read-only events.',
    runbook: 'runbook-cloudtrail-events-missing',
  },
  'test-alert-sent': {
    title: 'TEST of alerts',
    impact: 'Nothing breaks: a person asked whether alerts arrive.',
    action: 'Nothing. Where this arrived, alerts arrive.',
    runbook: 'runbook-test-alert-sent',
  },
} as const satisfies Record<string, FindingRule>;
