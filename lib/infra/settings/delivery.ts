// Who gets new values, or word of them.
import * as z from 'zod';
import { DeliveryGrant } from '../../../functions/core/delivery/consumer-grants.ts';
import { Host } from './notation.ts';

/**
 * Which tokens may have which services deployed anew: the cluster in full, so that no other cluster's
 * services are reached.
 */
const EcsGrants = z.array(
  DeliveryGrant.refine(({ target }) => /^[\w.-]+\/./.test(target), {
    path: ['target'],
    error: 'write a cluster and a service, like prod/billing-api or prod/billing-*',
  }),
);
/** And which functions invoked. Keyturn's own functions are no consumers. */
const LambdaGrants = z.array(
  DeliveryGrant.refine(({ target }) => !mayNameKeyturn(target), {
    path: ['target'],
    error: 'names functions of Keyturn itself: write the name of a consumer, or more of it before the *',
  }),
);

function mayNameKeyturn(target: string): boolean {
  const start = target.replace(/\*$/, '');
  return start.startsWith('keyturn-') || (target.endsWith('*') && 'keyturn-'.startsWith(start));
}

/** Nothing is deployed for delivery unless somebody is named. */
export const Delivery = z.strictObject({
  kinds: z
    .array(
      z.enum(['event', 'webhook', 'github', 'gitlab-variable', 'kubernetes'], {
        error:
          'write event, webhook, github, gitlab-variable or kubernetes; for ECS services and functions ' +
          'write grants',
      }),
    )
    .default([]),
  ecs: EcsGrants.default([]),
  lambda: LambdaGrants.default([]),
  /** Hosts that values may be sent to; without them, those that the delivery secrets name. */
  hosts: z.array(Host).default([]),
});
