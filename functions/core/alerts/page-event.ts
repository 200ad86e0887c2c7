import { createHash } from 'node:crypto';
import type { InstallationScope } from '../basics/names.ts';
import type { FindingFact } from '../findings/events.ts';
import { FINDING_RULES } from '../findings/finding-rules.ts';
import { findingKey } from '../findings/findings.ts';
import { runbookAt } from '../findings/runbook-address.ts';
import type { AlarmNotice } from './alarm.ts';
import { commandsFor, keyturnCommand } from './alert-commands.ts';
import { secretOf } from './alert-links.ts';
import { dedupKey, originText, type AlertContext } from './origin.ts';

/** The longest key that PagerDuty groups by (PagerDuty Events API v2 Overview). */
const DEDUP_MOST = 255;
const SUMMARY_MOST = 1_024;

/** The event as PagerDuty's Events API v2 takes it, without the routing key. */
export function pagerEvent(
  fact: FindingFact,
  { installation, runbookUrl }: AlertContext,
): Record<string, unknown> {
  const dedup_key = shortened(dedupKey(installation, findingKey(fact.tokenId, fact)));
  if (fact.change === 'resolved') return { event_action: 'resolve', dedup_key };
  if (fact.change === 'acknowledged') return { event_action: 'acknowledge', dedup_key };
  const { title, impact, action, runbook } = FINDING_RULES[fact.kind];
  const { look, end, dismisses } = commandsFor(fact, installation);
  const page = runbookAt(runbook, runbookUrl);
  const secret = secretOf(fact, installation);
  const { owner, environment, detail, subject } = fact;
  return {
    event_action: 'trigger',
    dedup_key,
    payload: {
      summary: `${title}: ${fact.name} (${fact.issuer}, ${environment}) at ${originText(installation)}`.slice(
        0,
        SUMMARY_MOST,
      ),
      source: fact.name,
      severity: fact.severity,
      timestamp: new Date(fact.at).toISOString(),
      component: fact.issuer,
      group: environment,
      class: fact.kind,
      custom_details: {
        detail,
        impact,
        action,
        ...(look !== undefined && { 'look first': look }),
        ...(end !== undefined && { [dismisses ? 'if normal' : 'then run']: end }),
        runbook: page,
        owner,
        ...(subject !== '' && { subject }),
        ...detailsOf(installation),
      },
    },
    links: [
      ...(secret === undefined ? [] : [{ href: secret, text: 'The secret in the AWS console' }]),
      // A path within the repository is no address that a browser can open.
      ...(URL.canParse(page) ? [{ href: page, text: 'The runbook' }] : []),
    ],
  };
}

function detailsOf({ account, region, name }: InstallationScope): Record<string, string> {
  return { account, region, installation: name };
}

/**
 * The event for an alarm of CloudWatch, without the routing key. An alarm of Keyturn says in its description
 * what breaks and what to do.
 */
export function alarmEvent(alarm: AlarmNotice, installation: InstallationScope): Record<string, unknown> {
  const dedup_key = shortened(dedupKey(installation, 'alarm', alarm.AlarmName));
  if (alarm.NewStateValue !== 'ALARM') return { event_action: 'resolve', dedup_key };
  const look = keyturnCommand(['doctor'], installation);
  return {
    event_action: 'trigger',
    dedup_key,
    payload: {
      summary: (
        `Alarm ${alarm.AlarmName} at ${originText(installation)}: ` +
        (alarm.AlarmDescription ?? alarm.NewStateReason)
      ).slice(0, SUMMARY_MOST),
      source: alarm.AlarmName,
      severity: 'critical',
      timestamp: new Date(alarm.StateChangeTime).toISOString(),
      component: 'cloudwatch',
      class: 'alarm',
      custom_details: {
        reason: alarm.NewStateReason,
        ...(look !== undefined && { 'look first': look }),
        ...detailsOf(installation),
      },
    },
  };
}

/** A long key keeps its start, for people, and a hash of the whole. */
function shortened(key: string): string {
  if (key.length <= DEDUP_MOST) return key;
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return `${key.slice(0, DEDUP_MOST - hash.length - 1)}/${hash}`;
}
