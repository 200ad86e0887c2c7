import * as z from 'zod';
import { IsoInstant, Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

export const Account = z.strictObject({
  user: z.string().regex(/^[a-z0-9]{2,63}$/, 'must be the name of a Docker account'),
  password: GrantValue,
});

/** One is enough: each holds those below it. */
export const Grant = z.strictObject({
  scope: z.enum(['repo:admin', 'repo:write', 'repo:read', 'repo:public_read']),
});

const Entry = z
  .object({
    uuid: z.string().min(1),
    token_label: z.string(),
    is_active: z.boolean(),
    created_at: IsoInstant,
    scopes: z.array(z.string()),
  })
  .transform((token) => ({
    id: token.uuid,
    name: token.token_label,
    state: token.is_active ? ('active' as const) : ('disabled' as const),
    createdAt: token.created_at,
    scopes: token.scopes,
  }));

export const MadeToken = z
  .object({ uuid: z.string().min(1), token: Value })
  .transform(({ uuid, token }) => ({ id: uuid, value: token }));
export const NewEntry = Entry;

const Page = z.object({ count: z.int().nonnegative(), results: z.array(Entry) });
export const TokenPage = Page.transform(({ results }) => results);
export const Total = Page.transform(({ count }) => count);
