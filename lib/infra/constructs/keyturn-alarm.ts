import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { runbookAt } from '../../../functions/core/findings/runbook-address.ts';
import { ALARM_RULES, type AlarmKind } from '../alarm-rules.ts';
import type { Foundation } from './foundation.ts';

export interface KeyturnAlarmProps {
  readonly foundation: Foundation;
  readonly topic: ITopic;
  /** Which rule it follows: the rule states impact, action and runbook section. */
  readonly kind: AlarmKind;
  /** Distinguishes alarms of one kind; empty for most. */
  readonly suffix?: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** True when silence is what is wrong. */
  readonly below?: boolean;
}

/** The only place an alarm is made: its description says what breaks, what to do and where to read on. */
export class KeyturnAlarm extends Construct {
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, props: KeyturnAlarmProps) {
    super(scope, id);
    const { foundation, below = false } = props;
    const rule = ALARM_RULES[props.kind];
    const look =
      `npx --no keyturn doctor --installation ${foundation.settings.installation} --region ` +
      Stack.of(this).region;
    this.alarm = new Alarm(this, 'Alarm', {
      alarmName: foundation.names.part(`${props.kind}${props.suffix ?? ''}`),
      alarmDescription:
        `${rule.title}. Impact: ${rule.impact} Do: ${rule.action} Look first: ${look} Runbook: ` +
        runbookAt(rule.runbook, foundation.settings.runbookUrl),
      metric: props.metric,
      threshold: props.threshold,
      evaluationPeriods: 1,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: below ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    const tell = new SnsAction(props.topic);
    this.alarm.addAlarmAction(tell);
    this.alarm.addOkAction(tell);
  }
}
