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
  DeliveryGrant.refine(({ target }) => !mayBegin(target, 'keyturn-'), {
    path: ['target'],
    error: 'names functions of Keyturn itself: write the name of a consumer, or more of it before the *',
  }),
);

/** And into which fields of other secrets their values go. */
const SecretGrants = z.array(
  DeliveryGrant.refine(({ target }) => /^[\w/+=.@-]+(:.+|\*)$/.test(target), {
    path: ['target'],
    error: 'write a secret and a field, like prod/app:GITLAB_TOKEN or prod/app:*',
  }).refine(({ target }) => !mayBegin(target, 'keyturn/'), {
    path: ['target'],
    error: 'names secrets of Keyturn itself: write the name of another, or more of it before the *',
  }),
);

/** Whether what is granted may begin with a name that Keyturn keeps for itself. */
function mayBegin(target: string, own: string): boolean {
  const start = target.replace(/\*$/, '');
  return start.startsWith(own) || (target.endsWith('*') && own.startsWith(start));
}

/** Nothing is deployed for delivery unless somebody is named. */
export const Delivery = z.strictObject({
  kinds: z
    .array(
      z.enum(['event', 'webhook', 'github', 'gitlab-variable', 'kubernetes'], {
        error:
          'write event, webhook, github, gitlab-variable or kubernetes; for ECS services, functions and ' +
          'secrets write grants',
      }),
    )
    .default([]),
  ecs: EcsGrants.default([]),
  lambda: LambdaGrants.default([]),
  secret: SecretGrants.default([]),
  /** Hosts that values may be sent to; without them, those that the delivery secrets name. */
  hosts: z.array(Host).default([]),
});
