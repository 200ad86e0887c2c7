import * as z from 'zod';
import type { Instant } from '../../core/basics/time.ts';
import { Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

/** A key reaches its own account alone, and Mailgun names no account in its answers. */
export const Account = z.strictObject({
  account: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be a word of your own for the account'),
  token: GrantValue,
});

export const Grant = z.strictObject({
  role: z.enum(['basic', 'developer'], { error: 'must be basic or developer, and not admin' }),
});

/** A date and time in UTC, which Mailgun writes without saying so. Source: mailgun-go, mtypes/iso8601.go. */
const UtcInstant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/)
  .transform((text): Instant => Date.parse(`${text}Z`))
  .pipe(z.number());

const Ending = z
  .literal('')
  .transform((): Instant | undefined => undefined)
  .or(UtcInstant)
  .nullish();

/** Mailgun may disable a key itself. */
const Key = z
  .object({
    id: z.string().min(1),
    description: z.string(),
    kind: z.string(),
    role: z.string(),
    created_at: UtcInstant,
    expires_at: Ending,
    is_disabled: z.boolean(),
  })
  .transform((key) => ({
    id: key.id,
    name: key.description,
    state: key.is_disabled ? ('disabled' as const) : ('active' as const),
    scopes: [key.role],
    createdAt: key.created_at,
    expiresAt: key.expires_at ?? undefined,
    owner: key.kind,
  }));

export const MadeKey = z
  .object({ key: z.object({ id: z.string().min(1), secret: Value }) })
  .transform(({ key: { id, secret } }) => ({ id, value: secret }));
export const NewEntry = z.object({ message: z.string(), key: Key }).transform(({ key }) => key);

const Page = z.object({ total_count: z.int().nonnegative(), items: z.array(Key) });
export const KeyList = Page.transform(({ items }) => items);
export const Total = Page.transform(({ total_count: total }) => total);

export const Deleted = z.object({ message: z.literal('key deleted') });

/** A page of domains of one at most; what is in it goes no further. */
export const OneDomain = z.object({
  total_count: z.int().nonnegative(),
  items: z.array(z.object({ name: z.string().min(1) })).max(1),
});
