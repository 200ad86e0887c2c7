import { DescribeAlarmsCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { AlarmReads } from '../core/ports/alarm-reads.ts';
import { aws } from './aws-errors.ts';

/**
 * CloudWatch alarms of this account and Region. Without their types, composite alarms would be left out (API
 * reference, "DescribeAlarms").
 */
export function cloudwatchAlarms(client: CloudWatchClient): AlarmReads {
  return {
    async alarm(name) {
      const command = new DescribeAlarmsCommand({
        AlarmNames: [name],
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      });
      const answer = await aws('cloudwatch:DescribeAlarms', () => client.send(command));
      const found = [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])].find(
        (one) => one.AlarmName === name,
      );
      const since = found?.StateTransitionedTimestamp ?? found?.StateUpdatedTimestamp;
      return since && { isFiring: found?.StateValue === 'ALARM', since: since.getTime() };
    },
  };
}
