import type { FindingRule } from './rule.ts';

/** What can be wrong with Keyturn's own means: what it tells people by, and what it sees by. */
export const SELF_RULES = {
  'alert-subscription-unhealthy': {
    title: 'Alerts do not reach everybody they are for',
    impact: 'Findings may open, get worse and end without anybody hearing of them.',
    action:
      'Run `keyturn alerts list`; confirm what waits with `keyturn alerts confirm`, and deploy again what is gone. Where canaries do not arrive, look along their way.',
    runbook: 'runbook-alert-subscription-unhealthy',
  },
  'cloudtrail-events-missing': {
    title: 'The trail shows nothing any more',
    impact:
      "Detection is blind: nobody hears of unusual reads, or of changes that are not Keyturn's. Rotation goes on.",
    action:
      'See that the CloudTrail trail logs, reads included, and that the rule of Keyturn is enabled for read-only events.',
    runbook: 'runbook-cloudtrail-events-missing',
  },
} as const satisfies Record<string, FindingRule>;
