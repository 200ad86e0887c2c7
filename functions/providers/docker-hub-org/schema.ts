import * as z from 'zod';
import { IsoInstant, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

const Name = z.string().regex(/^[a-z0-9]{2,63}$/, 'must be a name as Docker has it');

/** An owner of the organizations. */
export const Admin = z.strictObject({ user: Name, password: AdminSecret });

export const Organization = z.strictObject({ organization: Name });

/** As Docker takes it. Each limits the token to one repository, or to parts of the organization. */
const Resource = z.strictObject({
  type: z.enum(['TYPE_REPO', 'TYPE_ORG']),
  path: z.string().regex(/^[a-z0-9][\w./*-]{1,254}$/, 'must be a path such as myorg/myrepo'),
  scopes: z.array(z.string().regex(/^[a-z][a-z-]{1,63}$/, 'must be a scope as Docker writes it')).min(1),
});
export const Grant = z.strictObject({ resources: z.array(Resource).min(1).max(50) });

/** An expired one stays and takes a slot. It is not taken for gone, so that it is deleted, too. */
const Entry = z
  .object({
    id: z.string().min(1),
    label: z.string(),
    is_active: z.boolean(),
    created_at: IsoInstant,
    expires_at: IsoInstant.nullish(),
  })
  .transform((token) => ({
    id: token.id,
    name: token.label,
    state: token.is_active ? ('active' as const) : ('disabled' as const),
    createdAt: token.created_at,
    expiresAt: token.expires_at ?? undefined,
  }));

export const MadeToken = z
  .object({ id: z.string().min(1), token: Value })
  .transform(({ id, token }) => ({ id, value: token }));
export const NewEntry = Entry;

/** What a new token may reach, in one form. */
export const Reached = z
  .object({ resources: z.array(z.object({ ...Resource.shape, path: z.string() })) })
  .transform(({ resources }) => reachOf(resources));

/** One text for the same resources in any order. */
export function reachOf(resources: readonly z.infer<typeof Resource>[]): string {
  return JSON.stringify(
    resources
      .map(({ type, path, scopes }) => JSON.stringify([type, path, [...new Set(scopes)].toSorted()]))
      .toSorted(),
  );
}

const Page = z.object({ total: z.int().nonnegative(), results: z.array(Entry) });
export const TokenPage = Page.transform(({ results }) => results);
export const Total = Page.transform(({ total }) => total);
