import * as z from 'zod';
import { IsoInstant, Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

/** The two keys reach their own organization alone, and the answers name none. */
export const Organization = z.strictObject({
  organization: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be a word of your own for the organization'),
  apiKey: GrantValue,
  applicationKey: GrantValue,
});

export const Grant = z.strictObject({
  /** Whether Agents with the key may read Remote Configuration. */
  remoteConfiguration: z.boolean(),
});

/** A person can restore a revoked key for a week, so it is not ended for ever. Lists leave it out. */
const Key = z
  .object({
    id: z.string().min(1),
    type: z.literal('api_keys'),
    attributes: z.object({
      name: z.string().optional(),
      created_at: IsoInstant,
      status: z.string().optional(),
    }),
  })
  .transform(({ id, attributes: { name, created_at: createdAt, status } }) => ({
    id,
    name,
    state: status === 'revoked' ? ('disabled' as const) : ('active' as const),
    createdAt,
  }));

export const MadeKey = z
  .object({
    data: z.object({
      id: z.string().min(1),
      attributes: z.object({ key: Value }).catch({ key: undefined }),
    }),
  })
  .transform(({ data: { id, attributes } }) => ({ id, value: attributes.key }));

export const NewEntry = z.object({ data: Key }).transform(({ data }) => data);

/** Whether a new key may read Remote Configuration. */
export const MadeRight = z
  .object({ data: z.object({ attributes: z.object({ remote_config_read_enabled: z.boolean() }) }) })
  .transform(({ data }) => data.attributes.remote_config_read_enabled);

const Page = z.object({
  data: z.array(Key),
  meta: z.object({ page: z.object({ total_filtered_count: z.int().nonnegative() }) }),
});
export const KeyPage = Page.transform(({ data }) => data);
export const Total = Page.transform(({ meta }) => meta.page.total_filtered_count);
