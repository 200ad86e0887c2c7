import * as z from 'zod';
import type { Instant } from '../../core/basics/time.ts';
import { Value, uuidOf } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

/** A key reaches its own team alone, and Resend names no team in its answers. */
export const Team = z.strictObject({
  team: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be a word of your own for the team'),
  token: GrantValue,
});

export const Grant = z
  .strictObject({
    permission: z.enum(['sending_access', 'full_access']),
    /** The one domain that the key may send from; all of the team's without one. */
    domain: uuidOf('a domain').optional(),
  })
  .refine(({ permission, domain }) => permission === 'sending_access' || domain === undefined, {
    path: ['domain'],
    message: 'limits sending_access alone: leave it out beside full_access',
  });

/** Such as `2023-10-06 23:47:56.678+00` (resend.yaml), and the same with a T and minutes of the zone. */
const Moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}(:\d{2})?)$/)
  .transform((text): Instant => Date.parse(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00')))
  .pipe(z.number());

const Key = z
  .object({ id: z.string().min(1), name: z.string(), created_at: Moment })
  .transform(({ id, name, created_at: createdAt }) => ({ id, name, state: 'active' as const, createdAt }));

export const MadeKey = z
  .object({ id: z.string().min(1), token: Value })
  .transform(({ id, token }) => ({ id, value: token }));

const Page = z.object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(Key) });
export const KeyPage = Page.transform(({ data }) => data);

/** The id after which the next page begins; none at the end. */
export const Next = Page.refine(({ has_more: more, data }) => !more || data.length > 0).transform(
  ({ has_more: more, data }) => (more ? data.at(-1)?.id : undefined),
);

export const Deleted = z.object({ object: z.literal('api_key'), deleted: z.literal(true) });

/** A refusal in the words of Resend. */
export const failureOf = (statusCode: number, name: string, message: string) =>
  z.object({
    statusCode: z.literal(statusCode),
    name: z.literal(name),
    message: z.literal(message),
  });
