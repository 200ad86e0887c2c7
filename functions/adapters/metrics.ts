import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import {
  HEARTBEAT,
  NAMESPACE,
  TIMES,
  serviceOf,
  type CountName,
  type Gauge,
  type Part,
  type TimeName,
} from '../core/inventory/metric-names.ts';

export type Count = (metric: CountName | TimeName, provider: string, value: number) => void;

/** Counts by writing CloudWatch's embedded metric format to the log. */
export function providerCounter(installation: string): Count {
  const metrics = metricsOf(installation);
  return (metric, provider, value) => {
    const single = metrics.singleMetric();
    single.addDimension('issuer', provider);
    single.addMetric(metric, isTime(metric) ? MetricUnit.Seconds : MetricUnit.Count, value);
  };
}

function isTime(metric: string): boolean {
  return TIMES.some((name) => name === metric);
}

/** Writes how the tokens of one provider are, as one line. */
export function gaugeWriter(
  installation: string,
): (provider: string, values: ReadonlyMap<Gauge, number>) => void {
  return (provider, values) => {
    const metrics = metricsOf(installation);
    metrics.addDimension('issuer', provider);
    for (const [gauge, value] of values)
      metrics.addMetric(
        gauge,
        gauge === 'LeastPrivilegePercent' ? MetricUnit.Percent : MetricUnit.Count,
        value,
      );
    metrics.publishStoredMetrics();
  };
}

/** Says that a part has done its work: the alarm on silence listens for it. */
export function heartbeat(installation: string): (part: Part) => void {
  const metrics = metricsOf(installation);
  return (part) => {
    const single = metrics.singleMetric();
    single.addDimension('part', part);
    single.addMetric(HEARTBEAT, MetricUnit.Count, 1);
  };
}

function metricsOf(installation: string): Metrics {
  return new Metrics({ namespace: NAMESPACE, serviceName: serviceOf(installation) });
}
