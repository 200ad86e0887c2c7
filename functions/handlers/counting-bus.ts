import type { Fact, LifeFact } from '../core/events.ts';
import type { FactBus } from '../core/ports.ts';
import type { Count, MetricName } from '../adapters/metrics.ts';

const LIFE_METRICS = new Map<LifeFact['what'], MetricName>([
  ['rotated', 'RotationsSucceeded'],
  ['rotation-aborted', 'RotationsFailed'],
  ['revoked', 'CredentialsRevoked'],
]);

/** What a fact adds to, if anything. */
export function metricOf(fact: Fact): MetricName | undefined {
  if (fact.type === 'life') return LIFE_METRICS.get(fact.what);
  return fact.change === 'opened' ? 'FindingsOpened' : undefined;
}

/** A bus that counts what it has published. */
export function countingBus(bus: FactBus, count: Count): FactBus {
  return {
    async publish(facts) {
      await bus.publish(facts);
      for (const fact of facts) {
        const metric = metricOf(fact);
        if (metric) count(metric, fact.provider);
      }
    },
  };
}
