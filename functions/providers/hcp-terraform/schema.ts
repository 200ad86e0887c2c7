import * as z from 'zod';
import { IsoInstant, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });
export const Team = z.strictObject({
  organization: z.string().regex(/^[\w-]{1,40}$/, 'must be the name of an organization'),
  team: z
    .string()
    .regex(/^team-[A-Za-z0-9]{1,40}$/, 'must be the id of a team, such as team-6p5jTwJQXwqZBncC'),
});
export const Grant = z.strictObject({});

/**
 * A token as JSON:API shows it. One that is past its end is listed still, and tells no state: its end says
 * it.
 */
const Token = z.object({
  id: z.string().min(1),
  attributes: z.object({
    description: z.string().nullable(),
    'created-at': IsoInstant,
    'expired-at': IsoInstant.nullable(),
  }),
  relationships: z
    .object({ team: z.object({ data: z.object({ id: z.string() }).optional() }).optional() })
    .optional(),
});

const Entry = Token.transform(({ id, attributes, relationships }) => ({
  id,
  state: 'active' as const,
  name: attributes.description ?? undefined,
  createdAt: attributes['created-at'],
  expiresAt: attributes['expired-at'] ?? undefined,
  owner: relationships?.team?.data?.id,
}));

export const MadeToken = z
  .object({
    data: z.object({
      id: z.string().min(1),
      attributes: z.object({ token: Value }).catch({ token: undefined }),
    }),
  })
  .transform(({ data }) => ({ id: data.id, value: data.attributes.token }));

export const NewEntry = z.object({ data: Entry }).transform(({ data }) => data);

const Page = z.object({
  data: z.array(Entry),
  meta: z.object({ pagination: z.object({ 'total-count': z.int().nonnegative() }) }),
});
export const TokenPage = Page.transform(({ data }) => data);
export const Total = Page.transform(({ meta }) => meta.pagination['total-count']);

/** Who a token acts as. */
export const Self = z.object({
  data: z.object({
    id: z.string(),
    type: z.literal('users'),
    attributes: z.object({ username: z.string().nullable() }),
  }),
});
