import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTS, GAUGES, TIMES } from '../../functions/core/inventory/metric-names.ts';
import { synthesised } from './synth.ts';

const PLAIN = synthesised();

test('the dashboard draws every metric once, and has no more expressions than a free one has metrics', () => {
  const dashboard = PLAIN.only('AWS::CloudWatch::Dashboard').Properties;
  const drawn = [...PLAIN.text(dashboard['DashboardBody']).matchAll(/MetricName=\\"(\w+)\\"/g)].map(
    ([, name]) => String(name),
  );
  assert.deepEqual(new Set(drawn), new Set([...COUNTS, ...TIMES, ...GAUGES]));
  assert.equal(drawn.length, COUNTS.length + TIMES.length + GAUGES.length);
  assert.ok(drawn.length <= 50);
  assert.match(PLAIN.text(dashboard['DashboardBody']), /service=\\"keyturn-main\\"/);
});

test('there is none where the settings say so', () => {
  assert.deepEqual(synthesised({ dashboard: false }).of('AWS::CloudWatch::Dashboard'), []);
});

test('all tokens are looked at four times a day', () => {
  assert.equal(
    PLAIN.named('AWS::Scheduler::Schedule', 'Name', 'keyturn-main-measure')[1].Properties[
      'ScheduleExpression'
    ],
    'rate(6 hours)',
  );
});
