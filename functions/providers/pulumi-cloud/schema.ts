import * as z from 'zod';
import { SECOND, type Instant } from '../../core/basics/time.ts';
import { IsoInstant, Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

export const User = z.strictObject({
  user: z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'must be the name of a user'),
  token: GrantValue,
});
export const Grant = z.strictObject({});

/** Seconds since 1970; 0 is for ever. */
const Ending = z
  .int()
  .nonnegative()
  .transform((seconds): Instant | undefined => (seconds === 0 ? undefined : seconds * SECOND));

/** Lists leave out what has ended. */
const Token = z
  .object({ id: z.string().min(1), description: z.string(), created: IsoInstant, expires: Ending })
  .transform(({ id, description, created, expires }) => ({
    id,
    name: description,
    state: 'active' as const,
    createdAt: created,
    expiresAt: expires,
  }));

export const MadeToken = z
  .object({ id: z.string().min(1), tokenValue: Value })
  .transform(({ id, tokenValue }) => ({ id, value: tokenValue }));

export const TokenList = z.object({ tokens: z.array(Token) }).transform(({ tokens }) => tokens);

/** The user whose token asks. */
export const Self = z.object({ id: z.string().min(1), githubLogin: z.string().min(1) });

export const Refused = z.object({
  code: z.literal(401),
  message: z.literal('Unauthorized: No credentials provided or are invalid.'),
});
