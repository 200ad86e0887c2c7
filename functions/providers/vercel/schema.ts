import * as z from 'zod';
import { EpochMillis, Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

export const User = z.strictObject({
  user: z.string().regex(/^[A-Za-z0-9]{1,64}$/, 'must be the id of a user'),
  token: GrantValue,
});
export const Grant = z.strictObject({
  team: z.string().regex(/^team_[A-Za-z0-9]{1,64}$/, 'must be the id of a team, which begins with team_'),
});

const Scope = z.discriminatedUnion('type', [
  z.object({ type: z.literal('user') }).transform(() => 'the full account'),
  z.object({ type: z.literal('team'), teamId: z.string() }).transform(({ teamId }) => teamId),
]);

const Token = z.object({
  id: z.string().min(1),
  name: z.string(),
  createdAt: EpochMillis,
  expiresAt: EpochMillis.optional(),
  revokedAt: EpochMillis.optional(),
});

const entryOf = (token: z.infer<typeof Token>) => ({
  id: token.id,
  name: token.name,
  state: token.revokedAt === undefined ? ('active' as const) : ('revoked' as const),
  createdAt: token.createdAt,
  expiresAt: token.expiresAt,
});

/** Scopes of a kind that is not known are those of a token that Keyturn did not make: they say nothing. */
const Listed = Token.extend({ scopes: z.array(Scope).optional().catch(undefined) }).transform((token) => ({
  ...entryOf(token),
  scopes: token.scopes,
}));

export const MadeToken = z
  .object({ token: z.object({ id: z.string().min(1) }), bearerToken: Value })
  .transform((made) => ({ id: made.token.id, value: made.bearerToken }));

/** Whether it is limited to its team is told here, or it is not as asked. */
export const NewEntry = z
  .object({ token: Token.extend({ scopes: z.array(Scope) }) })
  .transform(({ token }) => ({ ...entryOf(token), scopes: token.scopes }));

const Page = z.object({
  tokens: z.array(Listed),
  pagination: z.object({ next: z.union([z.string(), z.number()]).nullable() }),
});
export const TokenPage = Page.transform(({ tokens }) => tokens);
export const Next = Page.transform(({ pagination: { next } }) => (next === null ? null : String(next)));

export const Deleted = z.object({ tokenId: z.string().min(1) });

/** Whose a token is. `limited` is there for those that may not do all that their user may. */
export const Self = z
  .object({ user: z.object({ id: z.string().min(1), limited: z.literal(true).optional() }) })
  .transform(({ user }) => user);

export const Invalid = z.object({
  error: z.object({
    code: z.literal('forbidden'),
    message: z.literal('Not authorized'),
    invalidToken: z.literal(true),
  }),
});
