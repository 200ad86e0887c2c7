import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import { FINISHED, NAMESPACE, serviceOf, type Part } from '../core/measures.ts';

/** What Keyturn counts, each by provider: a dimension per token would cost more than everything else. */
export type MetricName = 'RotationsSucceeded' | 'RotationsFailed' | 'CredentialsRevoked' | 'FindingsOpened';

export type Count = (metric: MetricName, provider: string) => void;

/** Counts by writing CloudWatch's embedded metric format to the log. */
export function providerCounter(installation: string): Count {
  const metrics = metricsOf(installation);
  return (metric, provider) => {
    const single = metrics.singleMetric();
    single.addDimension('provider', provider);
    single.addMetric(metric, MetricUnit.Count, 1);
  };
}

/** Says that a part has done its work: the alarm on silence listens for it. */
export function heartbeat(installation: string): (part: Part) => void {
  const metrics = metricsOf(installation);
  return (part) => {
    const single = metrics.singleMetric();
    single.addDimension('part', part);
    single.addMetric(FINISHED, MetricUnit.Count, 1);
  };
}

function metricsOf(installation: string): Metrics {
  return new Metrics({ namespace: NAMESPACE, serviceName: serviceOf(installation) });
}
