import type { FindingKind, Severity } from '../findings/findings.ts';
import type { AlertTopic } from './alert-message.ts';
import type { AlertMessage } from './alert-message.ts';

/** Who has addresses of their own. */
export interface Routing {
  readonly owners: readonly string[];
  /** Whose addresses hear of what belongs to nobody that has some; undefined for nobody's. */
  readonly fallback: string | undefined;
}

/** The owner whose addresses hear of a token; undefined where only those hear that hear everything. */
export function routeOf(owner: string, { owners, fallback }: Routing): string | undefined {
  return owners.includes(owner) ? owner : fallback;
}

/** That nobody hears of somebody's tokens goes to everybody who still hears: the usual way may be the one that is broken. A test is for everybody too. */
function isForAll({ attributes }: AlertMessage): boolean {
  if (attributes.kind === ('test-alert-sent' satisfies FindingKind)) return true;
  return (
    attributes.kind === ('alert-subscription-unhealthy' satisfies FindingKind) &&
    attributes.severity === ('critical' satisfies Severity)
  );
}

/** A topic whose messages carry whom they are routed to, in the attribute `route`: subscriptions choose by it. */
export function routed(topic: AlertTopic, routing: Routing): AlertTopic {
  return {
    publish(message: AlertMessage) {
      const route = isForAll(message) ? routing.owners : (routeOf(message.attributes.owner, routing) ?? '');
      return topic.publish({ ...message, attributes: { ...message.attributes, route } });
    },
  };
}
