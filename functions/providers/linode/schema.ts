import * as z from 'zod';
import type { Instant } from '../../core/basics/time.ts';
import { NumberId, Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

/** Linode's paths name no user: the token says whose it is. */
export const User = z.strictObject({
  user: z.string().regex(/^[\w-]{3,32}$/, 'must be the name of a user'),
  token: GrantValue,
});
export const Grant = z.strictObject({
  scopes: z
    .array(
      z
        .string()
        .regex(/^[a-z_]+:(read_only|read_write)$/, 'must be a scope such as domains:read_only, and not *'),
    )
    .min(1),
});

/** A date and time in UTC, which Linode writes without saying so. */
const UtcInstant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?$/)
  .transform((text): Instant => Date.parse(text.endsWith('Z') ? text : `${text}Z`))
  .pipe(z.number());

/** Linode separates scopes by spaces; a comma is read too. */
const Scopes = z.string().transform((text) => text.split(/[ ,]+/).filter((scope) => scope !== ''));

/** What is listed is active until it ends: a revoked token is gone. */
const Token = z.object({
  id: NumberId,
  label: z.string().nullish(),
  scopes: Scopes,
  created: UtcInstant,
  expiry: UtcInstant.nullish(),
  token: z.string(),
});

const entryOf = ({ id, label, scopes, created, expiry }: z.infer<typeof Token>) => ({
  id,
  name: label ?? undefined,
  state: 'active' as const,
  scopes,
  createdAt: created,
  expiresAt: expiry ?? undefined,
});

export const MadeToken = z
  .object({ id: NumberId, token: Value })
  .transform(({ id, token }) => ({ id, value: token }));
export const NewEntry = Token.transform(entryOf);

const Page = z.object({
  data: z.array(Token.transform((token) => ({ ...entryOf(token), mask: token.token.slice(0, 16) }))),
  results: z.int().nonnegative(),
});
export const TokenPage = Page.transform(({ data }) => data);
export const Total = Page.transform(({ results }) => results);

/** Who asks. */
export const Self = z.object({ username: z.string().min(1), email: z.string(), restricted: z.boolean() });

const refusal = (reason: z.ZodType) => z.object({ errors: z.tuple([z.object({ reason })]) });

export const Invalid = refusal(z.literal('Invalid Token'));
export const OutOfScope = refusal(
  z.string().regex(/^Your OAuth token is not authorized to use this endpoint\.?$/),
);
