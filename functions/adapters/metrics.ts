import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';

/** What Keyturn counts, each by provider: a dimension per token would cost more than everything else. */
export type MetricName = 'RotationsSucceeded' | 'RotationsFailed' | 'CredentialsRevoked' | 'FindingsOpened';

export type Count = (metric: MetricName, provider: string) => void;

/** Counts by writing CloudWatch's embedded metric format to the log. */
export function providerCounter(): Count {
  const metrics = new Metrics({ namespace: 'Keyturn', serviceName: 'keyturn' });
  return (metric, provider) => {
    const single = metrics.singleMetric();
    single.addDimension('provider', provider);
    single.addMetric(metric, MetricUnit.Count, 1);
  };
}
