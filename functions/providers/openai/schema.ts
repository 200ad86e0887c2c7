import * as z from 'zod';
import { Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });

export const Project = z.strictObject({
  project: z
    .string()
    .regex(/^proj_[A-Za-z0-9]{3,64}$/, 'must be the id of a project, which begins with proj_'),
});

/** A service account has the rights that its project gives to members. */
export const Grant = z.strictObject({});

const Account = z
  .object({
    object: z.literal('organization.project.service_account'),
    id: z.string().min(1),
    name: z.string(),
    created_at: z.int().nonnegative(),
  })
  .transform(({ id, name, created_at: createdAt }) => ({
    id,
    name,
    state: 'active' as const,
    createdAt: createdAt * 1_000,
  }));

/** A service account comes with its first key. */
export const MadeAccount = z
  .object({
    id: z.string().min(1),
    api_key: z.object({ value: Value }).catch({ value: undefined }),
  })
  .transform(({ id, api_key: key }) => ({ id, value: key.value }));

export const NewEntry = Account;

/** What its project lets it do: `none` is an account that may do nothing. */
export const MadeRole = z.object({ role: z.string() }).transform(({ role }) => role);

const Page = z.object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(Account) });
export const AccountPage = Page.transform(({ data }) => data);

/** The id after which the next page begins; none at the end. */
export const Next = Page.refine(({ has_more: more, data }) => !more || data.length > 0).transform(
  ({ has_more: more, data }) => (more ? data.at(-1)?.id : undefined),
);

export const Deleted = z.object({
  object: z.literal('organization.project.service_account.deleted'),
  deleted: z.literal(true),
});

export const Models = z.object({
  object: z.literal('list'),
  data: z.array(z.object({ id: z.string(), object: z.literal('model') })),
});
