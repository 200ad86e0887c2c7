import type { Courier } from '../core/delivery/courier.ts';
import type { CourierTools } from './destinations.ts';
import { githubCourier } from './github.ts';
import { gitlabVariableCourier } from './gitlab-variable.ts';
import { kubernetesCourier } from './kubernetes.ts';
import { webhookCourier } from './webhook.ts';

/**
 * Couriers that speak HTTP, each with the credentials of its own delivery secret. Those of AWS services are
 * adapters.
 */
export function httpCouriers(tools: CourierTools): readonly Courier[] {
  return [
    githubCourier(tools),
    gitlabVariableCourier(tools),
    kubernetesCourier(tools),
    webhookCourier(tools),
  ];
}
