import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cloudwatchAlarms } from '../../../functions/adapters/cloudwatch-alarms.ts';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import { ACCOUNT, REGION, ROOT, START, role, sandbox } from './world.ts';

const ALARM = {
  AlarmName: 'checkout-5xx',
  AlarmDescription: 'Too many errors',
  ComparisonOperator: 'GreaterThanThreshold',
  EvaluationPeriods: 1,
} as const;

async function withAlarm() {
  const box = sandbox();
  const client = new CloudWatchClient({ ...box.aws.clientConfig(ROOT), maxAttempts: 1 });
  await client.send(new PutMetricAlarmCommand(ALARM));
  const set = (StateValue: 'OK' | 'ALARM') =>
    client.send(new SetAlarmStateCommand({ AlarmName: ALARM.AlarmName, StateValue, StateReason: 'a test' }));
  return { ...box, client, set, alarms: cloudwatchAlarms(client) };
}

describe('CloudWatch alarms', () => {
  test('a change of state is an event of the documented shape; the same state again is none', async () => {
    const { aws, clock, set } = await withAlarm();
    await set('OK');
    await clock.advanceBy(MINUTE);
    await set('ALARM');
    await set('ALARM');
    const events = aws.events.filter((one) => one.source === 'aws.cloudwatch');
    assert.equal(events.length, 2);
    assert.deepEqual(events[1], {
      source: 'aws.cloudwatch',
      detailType: 'CloudWatch Alarm State Change',
      resources: [`arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:checkout-5xx`],
      detail: {
        alarmName: 'checkout-5xx',
        configuration: { description: 'Too many errors' },
        previousState: { value: 'OK', reason: 'a test', timestamp: '2026-11-20T09:30:00.000+0000' },
        state: { value: 'ALARM', reason: 'a test', timestamp: '2026-11-20T09:31:00.000+0000' },
      },
    });
  });

  test('the product reads since when an alarm fires, and that it does not', async () => {
    const { clock, set, alarms } = await withAlarm();
    assert.deepEqual(await alarms.alarm('checkout-5xx'), { isFiring: false, since: START });
    await clock.advanceBy(MINUTE);
    await set('ALARM');
    await clock.advanceBy(MINUTE);
    assert.deepEqual(await alarms.alarm('checkout-5xx'), { isFiring: true, since: START + MINUTE });
    assert.equal(await alarms.alarm('nobody'), undefined);
  });

  test('IAM decides by the alarm; an alarm that is not there cannot be set', async () => {
    const { aws, client } = await withAlarm();
    const resource = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:other`;
    const reader = new CloudWatchClient({
      ...aws.clientConfig(
        role('reader', { Effect: 'Allow', Action: 'cloudwatch:DescribeAlarms', Resource: resource }),
      ),
      maxAttempts: 1,
    });
    await assert.rejects(reader.send(new DescribeAlarmsCommand({ AlarmNames: ['checkout-5xx'] })), {
      name: 'AccessDeniedException',
    });
    assert.deepEqual(
      (await reader.send(new DescribeAlarmsCommand({ AlarmNames: ['other'] }))).MetricAlarms,
      [],
    );
    await assert.rejects(
      client.send(new SetAlarmStateCommand({ AlarmName: 'nobody', StateValue: 'OK', StateReason: '' })),
      { name: 'ResourceNotFound' },
    );
  });
});
