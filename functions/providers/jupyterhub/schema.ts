import * as z from 'zod';
import { AdminSecret } from '../grants.ts';
import { IsoInstant, Value } from '../declared/forms.ts';

export const Admin = z.strictObject({ token: AdminSecret });

export const User = z.strictObject({
  user: z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,254}$/, 'must be the name of a user of the hub'),
});

export const Grant = z.strictObject({
  scopes: z
    .array(
      z
        .string()
        .regex(/^(?!inherit$)[a-z:_-]+(![a-z]+(=[!-~]+)?)?$/, 'must be a scope such as access:servers!user'),
    )
    .min(1),
});

/**
 * A token as the hub shows it. What it lists is active: it deletes those that have expired when it is asked
 * for a list.
 */
const Token = z.object({
  id: z.string(),
  note: z.string(),
  created: IsoInstant,
  expires_at: IsoInstant.nullable(),
  last_activity: IsoInstant.nullable(),
  scopes: z.array(z.string()),
});

/**
 * The hub writes scopes out, with all that they bring along, so they are never the words of a grant: they are
 * left out.
 */
export const TokenEntry = Token.transform((token) => ({
  id: token.id,
  state: 'active' as const,
  name: token.note,
  createdAt: token.created,
  expiresAt: token.expires_at ?? undefined,
  lastUsedAt: token.last_activity ?? undefined,
}));

export const TokenList = z
  .object({ api_tokens: z.array(TokenEntry) })
  .transform(({ api_tokens: tokens }) => tokens);

export const MadeToken = z
  .object({ id: z.string().min(1), token: Value })
  .transform(({ id, token }) => ({ id, value: token }));

/** What a new token may do, with all that its scopes bring along. */
export const MadeScopes = z.object({ scopes: z.array(z.string()) });

/** What the hub says of the token that asks. */
export const Self = z.object({
  name: z.string(),
  kind: z.enum(['user', 'service']),
  token_id: z.string(),
  scopes: z.array(z.string()),
});
