import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeOf, routed } from '../../../functions/core/alerts/routing.ts';
import { alertMessage } from '../../../functions/use-cases/alerts/alert.ts';
import type { AlertMessage } from '../../../functions/core/alerts/alert-message.ts';
import { recordingTopic } from '../../fakes/recorders.ts';
import { CONTEXT } from '../../fakes/steps.ts';
import { aFinding } from '../../fakes/tokens.ts';

const ROUTING = { owners: ['team-billing', 'team-ops'], fallback: 'team-ops' };

test(
  'an owner with addresses is notified of its own; the fallback of all others, also of those without an ' +
    'owner',
  () => {
    assert.deepEqual(
      ['team-billing', 'team-gone', '', 'constructor'].map((owner) => routeOf(owner, ROUTING)),
      ['team-billing', 'team-ops', 'team-ops', 'team-ops'],
    );
    assert.equal(routeOf('team-gone', { ...ROUTING, fallback: undefined }), undefined);
  },
);

test('an owner without a subscription goes to every route, one broken address the usual way', async () => {
  const topic = recordingTopic();
  const told = (severity: 'critical' | 'warning'): AlertMessage =>
    alertMessage(aFinding({ owner: 'operators', kind: 'alert-subscription-unhealthy', severity }), CONTEXT);
  for (const severity of ['critical', 'warning'] as const)
    await routed(topic, ROUTING).publish(told(severity));
  await routed(topic, { owners: [], fallback: undefined }).publish(told('critical'));
  assert.deepEqual(
    topic.messages.map(({ attributes }) => attributes.route),
    [['team-billing', 'team-ops'], 'team-ops', []],
  );
});

test('a test of alerts goes to everybody who has a route', async () => {
  const topic = recordingTopic();
  await routed(topic, ROUTING).publish(
    alertMessage(aFinding({ owner: 'operators', kind: 'test-alert-sent' }), CONTEXT),
  );
  assert.deepEqual(topic.messages[0]?.attributes.route, ['team-billing', 'team-ops']);
});

test('messages carry their route and keep their owner', async () => {
  const topic = recordingTopic();
  for (const owner of ['team-billing', 'team-gone'])
    await routed(topic, ROUTING).publish(alertMessage(aFinding({ owner }), CONTEXT));
  await routed(topic, { owners: [], fallback: undefined }).publish(alertMessage(aFinding(), CONTEXT));
  assert.deepEqual(
    topic.messages.map(({ attributes }) => [attributes.owner, attributes.route]),
    [
      ['team-billing', 'team-billing'],
      ['team-gone', 'team-ops'],
      ['team-billing', ''],
    ],
  );
});
