import * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants: each is of one organization. */
export const Admin = z.strictObject({});

export const KEY_ID = /[A-Za-z0-9_-]{3,80}/;

export const Organization = z.strictObject({
  organization: z
    .string()
    .regex(/^org-[A-Za-z0-9-]{3,64}$/, 'must be the id of an organization, which begins with org-'),
  adminKey: GrantValue,
  keyId: z.string().regex(new RegExp(`^${KEY_ID.source}$`), 'must be the id of the admin API key beside it'),
});

/** An admin API key may do whatever the API lets administrators do. */
export const Grant = z.strictObject({});

const Seconds = z.int().nonnegative();

const Shown = z.object({
  object: z.literal('organization.admin_api_key'),
  id: z.string().min(1),
  name: z.string().nullish(),
  redacted_value: z.string(),
  created_at: Seconds,
  expires_at: Seconds.nullable(),
});

/** What has expired counts as active until its end, which is told. */
const Key = Shown.transform(({ id, name, created_at: createdAt, expires_at: expiresAt }) => ({
  id,
  name: name ?? undefined,
  state: 'active' as const,
  createdAt: createdAt * 1_000,
  expiresAt: expiresAt === null ? undefined : expiresAt * 1_000,
}));

export const MadeKey = z
  .object({ id: z.string().min(1), value: Value })
  .transform(({ id, value }) => ({ id, value }));

export const NewEntry = Key;

const Page = z.object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(Key) });
export const KeyPage = Page.transform(({ data }) => data);

/** The id after which the next page begins; none at the end. */
export const Next = Page.refine(({ has_more: more, data }) => !more || data.length > 0).transform(
  ({ has_more: more, data }) => (more ? data.at(-1)?.id : undefined),
);

/** This very key was deleted. */
export const deletedOf = (id: string) =>
  z.object({
    object: z.literal('organization.admin_api_key.deleted'),
    id: z.literal(id),
    deleted: z.literal(true),
  });

const MASK = /^([A-Za-z0-9_-]{3,})(?:\.{3,}|\*+)([A-Za-z0-9_-]{3,})$/;

/** The key with this id, as it is shown to itself: whether what is left of its value fits. */
export function ownOf(id: string, fits: (start: string, end: string) => boolean) {
  return Shown.extend({
    id: z.literal(id),
    redacted_value: z
      .string()
      .regex(MASK)
      .refine((mask) => {
        const [, start = '', end = ''] = MASK.exec(mask) ?? [];
        return fits(start, end);
      }),
  });
}

/** Whether a mask, such as `sk-admin...def`, can be one of this value. */
export function isMaskOf(value: Secret): (start: string, end: string) => boolean {
  const text = value.reveal();
  return (start, end) => text.startsWith(start) && text.endsWith(end);
}

/** The organization in the header is not that of the key. */
export const OtherOrganization = z.object({
  error: z.object({
    code: z.literal('mismatched_organization'),
    type: z.literal('invalid_request_error'),
    message: z.literal('OpenAI-Organization header should match organization for API key'),
  }),
});
