import type { Count } from '../adapters/metrics.ts';
import type { Fact, LifecycleFact } from '../core/findings/events.ts';
import type { CountName, TimeName } from '../core/inventory/metric-names.ts';
import type { FactBus } from '../core/ports/fact-bus.ts';
import { SECOND } from '../core/basics/time.ts';

const LIFE_METRICS = new Map<LifecycleFact['what'], CountName>([
  ['rotated', 'RotationsSucceeded'],
  ['rotation-aborted', 'RotationsFailed'],
  ['revoked', 'CredentialsRevoked'],
]);

interface Measure {
  readonly metric: CountName | TimeName;
  readonly value: number;
}

/** What a fact adds to, if anything. */
export function measureOf(fact: Fact): Measure | undefined {
  if (fact.type === 'finding')
    return fact.change === 'opened' ? { metric: 'FindingsOpened', value: 1 } : undefined;
  const metric = LIFE_METRICS.get(fact.what);
  return metric ? { metric, value: 1 } : timeOf(fact);
}

/** The answer to a leak, in seconds. */
function timeOf({ what, incident }: LifecycleFact): Measure | undefined {
  if (incident === undefined) return undefined;
  const { sinceReported, sinceExposed } = incident;
  if (what === 'contained') return { metric: 'TimeToContain', value: sinceReported / SECOND };
  if (what === 'replaced') return { metric: 'TimeToReplace', value: sinceReported / SECOND };
  return what === 'leaked' && sinceExposed !== undefined
    ? { metric: 'TimeToDetect', value: sinceExposed / SECOND }
    : undefined;
}

/** Which crossing each withdrawal takes back. */
const WITHDRAWALS: Partial<Record<LifecycleFact['what'], LifecycleFact['what']>> = {
  'containment-withdrawn': 'contained',
  'replacement-withdrawn': 'replaced',
  'move-withdrawn': 'consumers-moved',
};

/**
 * What was reached and taken back before anybody heard of it is not measured: of those told together, the
 * last that stands.
 */
export function standingFacts(facts: readonly Fact[]): Fact[] {
  return facts.filter((one, index) => !facts.slice(index + 1).some((later) => isWithdrawalOf(later, one)));
}

function isWithdrawalOf(later: Fact, one: Fact): boolean {
  if (later.type !== 'lifecycle' || one.type !== 'lifecycle' || later.incident === undefined) return false;
  return (
    WITHDRAWALS[later.what] === one.what &&
    later.tokenId === one.tokenId &&
    later.incident.id === one.incident?.id
  );
}

/** A bus that counts what it has published. */
export function countingBus(bus: FactBus, count: Count): FactBus {
  return {
    async publish(facts) {
      await bus.publish(facts);
      for (const fact of standingFacts(facts)) {
        const measure = measureOf(fact);
        if (measure) count(measure.metric, fact.issuer, measure.value);
      }
    },
  };
}
