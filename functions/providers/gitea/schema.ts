import * as z from 'zod';
import { IsoInstant, NumberId, Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

export const User = z.strictObject({
  user: z.string().regex(/^[A-Za-z0-9][\w.-]{0,39}$/, 'must be the name of a user'),
  password: GrantValue,
});

const Scope = z
  .string()
  .regex(
    /^((read|write):(activitypub|admin|issue|misc|notification|organization|package|repository|user)|all|public-only)$/,
    'must be a scope such as read:repository',
  );

export const Grant = z.strictObject({
  scopes: z
    .array(Scope)
    .min(1)
    .refine(isShortest, 'must have each kind of scope once, and no other one beside all'),
});

/**
 * As Gitea writes scopes: `write` holds `read`, and `all` holds every kind
 * (models/auth/access_token_scope.go).
 */
function isShortest(scopes: readonly string[]): boolean {
  const kinds = scopes.filter((scope) => scope !== 'public-only').map((scope) => scope.split(':').at(-1));
  const isAll = kinds.includes('all');
  return kinds.length > 0 && new Set(kinds).size === kinds.length && (!isAll || kinds.length === 1);
}

export const MadeToken = z
  .object({ id: NumberId, sha1: Value })
  .transform(({ id, sha1 }) => ({ id, value: sha1 }));

/** The answer to a creation: its times are in the year 1, so they are read from the list. */
export const NewEntry = z
  .object({ id: NumberId, name: z.string() })
  .transform(({ id, name }) => ({ id, name, state: 'active' as const }));

/** What Gitea lists is active: a deleted token is gone. */
const Token = z.object({
  id: NumberId,
  name: z.string(),
  token_last_eight: z.string().length(8),
  scopes: z.array(z.string()),
  created_at: IsoInstant,
  last_used_at: IsoInstant,
});

/** Until a token is used, its time of last use is the time at which it was made. */
export const TokenList = z.array(
  Token.transform((token) => ({
    id: token.id,
    name: token.name,
    state: 'active' as const,
    mask: token.token_last_eight,
    scopes: token.scopes,
    createdAt: token.created_at,
    lastUsedAt: token.last_used_at === token.created_at ? undefined : token.last_used_at,
  })),
);

export const Self = z.object({ id: z.int().positive(), login: z.string() });

const Refusal = z.object({ url: z.string().endsWith('/api/swagger') });

export const Invalid = Refusal.extend({ message: z.literal('invalid username, password or token') });

/** The words of 1.24 and later, and those of versions before. */
export const OutOfScope = Refusal.extend({
  message: z
    .string()
    .regex(
      /^token does not have at least one of required scope\(s\)(: \[read:user\]|, required=\[read:user\], token scope=[a-z:,-]*)$/,
    ),
});
