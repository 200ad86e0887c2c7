import type { FindingKind, Severity } from '../findings/findings.ts';
import type { AlertTopic } from './alert-message.ts';
import type { AlertMessage } from './alert-message.ts';

/** Who has addresses of their own. */
export interface Routing {
  readonly owners: readonly string[];
  /**
   * Whose addresses are notified of what belongs to an owner without addresses. Undefined when no owner is.
   */
  readonly fallback: string | undefined;
}

/** The owner whose addresses hear of a token; undefined where only those hear that hear everything. */
export function routeOf(owner: string, { owners, fallback }: Routing): string | undefined {
  return owners.includes(owner) ? owner : fallback;
}

/**
 * That an owner's findings reach no person is sent to every route that works: the usual one may be broken. A
 * test goes to all routes too.
 */
function isForAll({ attributes }: AlertMessage): boolean {
  if (attributes.kind === ('test-alert-sent' satisfies FindingKind)) return true;
  return (
    attributes.kind === ('alert-subscription-unhealthy' satisfies FindingKind) &&
    attributes.severity === ('critical' satisfies Severity)
  );
}

/**
 * A topic whose messages carry whom they are routed to, in the attribute `route`: subscriptions choose by it.
 */
export function routed(topic: AlertTopic, routing: Routing): AlertTopic {
  return {
    publish(message: AlertMessage) {
      const route = isForAll(message) ? routing.owners : (routeOf(message.attributes.owner, routing) ?? '');
      return topic.publish({ ...message, attributes: { ...message.attributes, route } });
    },
  };
}
