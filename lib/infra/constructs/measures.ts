import { Aws, Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IWidget,
  MathExpression,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import {
  type CountName,
  type Gauge,
  NAMESPACE,
  type TimeName,
  serviceOf,
} from '../../../functions/core/inventory/metric-names.ts';
import { MeasureEnv } from '../../../functions/handlers/measure.env.ts';
import { queryIndexes, useTable } from '../table-permissions.ts';
import { RECORDS_INDEX, type Foundation } from './foundation.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { Repeat } from './schedule.ts';

/** Every look reads every record: often enough for a trend, rarely enough to cost nothing. */
export const EVERY = Duration.hours(6);

/** Looks at all tokens every few hours, and a dashboard of that and of what is counted as it happens. */
export class Measures extends Construct {
  readonly function: KeyturnFunction<typeof MeasureEnv>;

  constructor(scope: Construct, id: string, { foundation }: { foundation: Foundation }) {
    super(scope, id);
    const { names, settings, table } = foundation;
    const name = names.part('measure');
    this.function = new KeyturnFunction(this, 'Measure', {
      foundation,
      name,
      description: 'Keyturn: how all tokens are, as metrics',
      entry: 'measure.ts',
      handler: 'handler',
      env: MeasureEnv,
      environment: {
        KEYTURN_INSTALLATION: settings.installation,
        KEYTURN_ACCOUNT: Aws.ACCOUNT_ID,
        TABLE_NAME: table.tableName,
      },
      timeout: Duration.minutes(15),
      memorySize: 512,
    });
    this.function.allow(...useTable(foundation, 'measure'), queryIndexes(foundation, RECORDS_INDEX));
    new Repeat(this, 'Repeat', { foundation, name, fn: this.function.fn, minutes: EVERY.toMinutes() });
    if (settings.dashboard)
      new Dashboard(this, 'Dashboard', {
        dashboardName: `${names.table}-${Aws.REGION}`,
        defaultInterval: Duration.days(14),
        widgets: rowsOf(settings.installation),
      });
  }
}

type Metric = CountName | TimeName | Gauge;

/**
 * Metrics are searched for, so that issuers appear as they come: the dashboard has one expression a metric,
 * 17 in all.
 */
function rowsOf(installation: string): IWidget[][] {
  const drawn = (metric: Metric, how: { statistic: string; period: Duration }): MathExpression =>
    new MathExpression({
      expression:
        `SEARCH('{${NAMESPACE},issuer,service} service="${serviceOf(installation)}" ` +
        `MetricName="${metric}"', '${how.statistic}', ${how.period.toSeconds()})`,
      usingMetrics: {},
      label: '',
      period: how.period,
    });
  const graph = (title: string, statistic: string, ...metrics: readonly Metric[]): IWidget =>
    new GraphWidget({
      title,
      width: 8,
      left: metrics.map((metric) =>
        drawn(metric, { statistic, period: statistic === 'Sum' ? Duration.days(1) : EVERY }),
      ),
    });
  const value = (title: string, metric: Gauge): IWidget =>
    new SingleValueWidget({
      title,
      width: 6,
      metrics: [drawn(metric, { statistic: 'Maximum', period: EVERY })],
    });
  return [
    [
      value('Tokens', 'Tokens'),
      value('Critical findings open', 'FindingsCritical'),
      value('Rotations overdue', 'TokensOverdue'),
      value('Consumers behind', 'ConsumersPending'),
    ],
    [
      graph('Rotations a day: done, failed', 'Sum', 'RotationsSucceeded', 'RotationsFailed'),
      graph('Credentials revoked a day', 'Sum', 'CredentialsRevoked'),
      graph('Findings opened a day', 'Sum', 'FindingsOpened'),
    ],
    [
      graph(
        'Age and lifespan of current credentials, in days',
        'Maximum',
        'CredentialAgeDays',
        'CredentialLifetimeDays',
      ),
      graph('Expiring, unused', 'Maximum', 'TokensExpiring', 'TokensUnused'),
      graph('With no more than approved scopes, in percent', 'Maximum', 'LeastPrivilegePercent'),
    ],
    [
      graph('Warnings open', 'Maximum', 'FindingsWarning'),
      graph(
        'Leaks: mean seconds to detect, contain, replace',
        'Average',
        'TimeToDetect',
        'TimeToContain',
        'TimeToReplace',
      ),
    ],
  ];
}
