import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertMessage } from '../../../functions/use-cases/alerts/alert.ts';
import { pagerEvent } from '../../../functions/use-cases/alerts/page.ts';
import type { FindingFact } from '../../../functions/core/findings/events.ts';
import { HERE } from '../../fakes/steps.ts';
import { heardFrom } from '../../../lib/sandbox/story/alerts.ts';
import type { Mail, PagerEvent } from '../../../lib/sandbox/index.ts';

const NAME = 'platform/gitlab-group';

function fact(change: FindingFact['change'], at: number): FindingFact {
  return {
    type: 'finding',
    id: `f/${at}`,
    at,
    tokenId: `${NAME}-abc123`,
    name: NAME,
    issuer: 'gitlab',
    owner: 'o',
    environment: 'e',
    change,
    kind: 'rotation-failed',
    subject: '',
    severity: 'critical',
    detail: 'why',
    sequence: at,
  };
}

/** What the alert function really writes, as a mailbox keeps it. */
function mail(change: FindingFact['change'], at: number): Mail {
  const { subject, text } = alertMessage(fact(change, at), 'https://example.com/runbook');
  return { at, to: 'x@example.com', subject, text, file: 'x.eml' };
}

function page(change: FindingFact['change'], at: number): PagerEvent {
  const event = pagerEvent(fact(change, at), HERE);
  return {
    at,
    action: change === 'resolved' ? 'resolve' : 'trigger',
    dedupKey: String(event['dedup_key']),
    summary: undefined,
    severity: change === 'resolved' ? undefined : 'critical',
  };
}

test('an alert and its end are one on each channel', () => {
  const { alerts, loose } = heardFrom(
    [mail('opened', 1), mail('resolved', 3)],
    [page('opened', 1), page('resolved', 4)],
    [NAME],
  );
  assert.deepEqual(loose, []);
  assert.deepEqual(alerts, [
    { secret: NAME, kind: 'rotation-failed', severity: 'critical', channel: 'mail', at: 1, resolvedAt: 3 },
    { secret: NAME, kind: 'rotation-failed', severity: 'critical', channel: 'pager', at: 1, resolvedAt: 4 },
  ]);
});

test('an escalation is a second alert, and a second resolve belongs to nothing', () => {
  const { alerts, loose } = heardFrom(
    [mail('opened', 1), mail('resolved', 2), mail('resolved', 3)],
    [page('opened', 1), page('escalated', 2)],
    [NAME],
  );
  assert.equal(alerts.filter(({ channel }) => channel === 'pager').length, 2);
  assert.equal(loose.length, 1);
});
