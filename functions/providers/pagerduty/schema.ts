import * as z from 'zod';
import { UUID, Value, uuidOf } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });
export const Orchestration = z.strictObject({ orchestration: uuidOf('an event orchestration') });
export const Grant = z.strictObject({});

/** The whole of the id of an integration. */
export const INTEGRATION_ID = UUID;

/** PagerDuty shows the routing key as long as the integration is there, and no date. */
const Integration = z
  .object({
    id: z.string().min(1),
    label: z.string().nullable(),
    parameters: z.object({ routing_key: Value, type: z.literal('global') }),
  })
  .transform(({ id, label, parameters }) => ({
    id,
    name: label ?? undefined,
    state: 'active' as const,
    value: parameters.routing_key,
  }));

export const MadeIntegration = z
  .object({
    integration: z.object({
      id: z.string().min(1),
      parameters: z.object({ routing_key: Value }).catch({ routing_key: undefined }),
    }),
  })
  .transform(({ integration: { id, parameters } }) => ({ id, value: parameters.routing_key }));

export const NewEntry = z.object({ integration: Integration }).transform(({ integration }) => integration);

/** The list is whole: it takes no parameters for pages. Where it says how many there are, all are there. */
export const AllIntegrations = z
  .object({ integrations: z.array(Integration), total: z.number().int().nonnegative().nullish() })
  .refine(({ integrations, total }) => (total ?? integrations.length) === integrations.length)
  .transform(({ integrations }) => integrations);
