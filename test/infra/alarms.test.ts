import assert from 'node:assert/strict';
import { test } from 'node:test';
import { USUAL } from '../usual-issuers.ts';
import { ALARM_RULES } from '../../lib/infra/alarm-rules.ts';
import { ALL_SETTINGS, type Json, synthesised } from './synth.ts';

const FULL = synthesised({ ...ALL_SETTINGS, runbookUrl: 'https://wiki.example.com/keyturn' });
const ALARMS = new Map(
  FULL.of('AWS::CloudWatch::Alarm').map(([, alarm]) => [
    String(alarm.Properties['AlarmName']).replace('keyturn-main-', ''),
    alarm.Properties,
  ]),
);

/** An alarm that watches much is several. */
function partsOf(kind: string): Record<string, Json>[] {
  return [...ALARMS].filter(([name]) => name.replace(/-\d+$/, '') === kind).map(([, alarm]) => alarm);
}

function watched(name: string): string[] {
  return partsOf(name)
    .flatMap((alarm) => alarm['Metrics'] ?? [])
    .flatMap((metric: Json) =>
      metric.MetricStat ? [FULL.text(metric.MetricStat.Metric.Dimensions[0].Value)] : [],
    )
    .sort();
}

test('there are few alarms, and each says what breaks, what to do and where to read on', () => {
  assert.deepEqual(
    [...new Set([...ALARMS.keys()].map((name) => name.replace(/-\d+$/, '')))].sort(),
    Object.keys(ALARM_RULES).sort(),
  );
  for (const [kind, rule] of Object.entries(ALARM_RULES)) {
    const description = FULL.text(ALARMS.get(kind)?.['AlarmDescription']);
    assert.ok(description.includes(`Impact: ${rule.impact}`));
    assert.ok(description.includes(`Do: ${rule.action}`));
    assert.match(
      description,
      / Look first: npx --no keyturn doctor --installation main --region [a-z]+-[a-z]+-\d /,
    );
    assert.ok(description.endsWith(`Runbook: https://wiki.example.com/keyturn#${rule.runbook}`));
    assert.ok(description.length <= 1024, 'CloudWatch takes no more');
  }
});

test('without a page of their own, alarms name the section of the runbook in the repository', () => {
  const plain = synthesised();
  for (const [, alarm] of plain.of('AWS::CloudWatch::Alarm'))
    assert.match(
      plain.text(alarm.Properties['AlarmDescription']),
      / Runbook: docs\/runbook\.md#runbook-alarm-[a-z-]+$/,
    );
});

test('each alarm tells the topic when it begins and when it is over', () => {
  for (const [, alarm] of ALARMS) {
    assert.deepEqual(FULL.list(alarm['AlarmActions']), [
      'arn:aws:sns:eu-central-1:111122223333:keyturn-main-alerts',
    ]);
    assert.deepEqual(alarm['OKActions'], alarm['AlarmActions']);
  }
});

test('every dead-letter queue is watched', () => {
  const dlq = FULL.of('AWS::SQS::Queue')
    .map(([, queue]) => String(queue.Properties['QueueName']))
    .filter((name) => name.endsWith('-dlq'));
  assert.deepEqual(watched('dead-letters'), dlq.sort());
});

test('every function is watched for errors', () => {
  const functions = FULL.of('AWS::Lambda::Function').map(([, fn]) => String(fn.Properties['FunctionName']));
  assert.deepEqual([...watched('provider-errors'), ...watched('core-errors')].sort(), functions.sort());
  assert.deepEqual(
    watched('throttles'),
    ['keyturn-main-sweep', ...USUAL.map(({ id }) => `keyturn-main-rotate-${id}`)].sort(),
  );
});

test('a part that has not finished for three intervals is an alarm, and so is no data at all', () => {
  for (const [name, part, minutes] of [
    ['sweep-silent', 'sweep', 45],
    ['alerts-silent', 'alert', 45],
    ['measure-silent', 'measure', 18 * 60],
    ['canary-silent', 'canary', 45],
  ] as const) {
    const alarm = ALARMS.get(name);
    assert.deepEqual(
      [alarm?.['Period'], alarm?.['Threshold'], alarm?.['ComparisonOperator'], alarm?.['TreatMissingData']],
      [minutes * 60, 1, 'LessThanThreshold', 'breaching'],
    );
    assert.deepEqual([alarm?.['Namespace'], alarm?.['MetricName']], ['Keyturn', 'Heartbeat']);
    assert.deepEqual(alarm?.['Dimensions'], [
      { Name: 'part', Value: part },
      { Name: 'service', Value: 'keyturn-main' },
    ]);
  }
});

test('commands that wait are an alarm, whichever provider they are for', () => {
  assert.deepEqual(watched('commands-late'), USUAL.map(({ id }) => `keyturn-main-worker-${id}`).sort());
  assert.match(
    String(ALARMS.get('commands-late')?.['Metrics'].find((one: Json) => one.Expression)?.Expression),
    /^MAX\(\[FILL\(m0,0\),/,
  );
});

test('there are none where something else watches', () => {
  assert.deepEqual(synthesised({ alerts: { alarms: false } }).of('AWS::CloudWatch::Alarm'), []);
});

test('no alarm uses more metrics than CloudWatch allows', () => {
  for (const [, alarm] of ALARMS)
    assert.ok((alarm['Metrics'] ?? []).length <= 11, 'ten metrics and their sum');
});
