import type { Subscription } from '../alerts/routes.ts';
import type { Canary } from '../inventory/canary.ts';

/** Where a canary goes: onto the bus, or from the alert function to its topic. Errors: `aws-failed`. */
export interface CanaryWay {
  send(canary: Canary): Promise<void>;
}

/** Who is subscribed to topics. Errors: `aws-failed`. */
export interface Subscriptions {
  /** All of a topic, those that wait or were removed of late too. */
  of(topicArn: string): Promise<readonly Subscription[]>;
}
