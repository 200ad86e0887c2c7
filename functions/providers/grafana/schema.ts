import * as z from 'zod';
import { IsoInstant, NumberId, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });
export const Account = z.strictObject({ serviceAccount: z.int().positive() });
export const Grant = z.strictObject({});

export const MadeToken = z
  .object({ id: NumberId, key: Value })
  .transform(({ id, key }) => ({ id, value: key }));

/** The answer to a creation tells the name alone. */
export const NewEntry = z
  .object({ id: NumberId, name: z.string() })
  .transform(({ id, name }) => ({ id, name, state: 'active' as const }));

const Token = z.object({
  id: NumberId,
  name: z.string(),
  created: IsoInstant,
  expiration: IsoInstant.nullish(),
  hasExpired: z.boolean(),
  isRevoked: z.boolean().nullish(),
  lastUsedAt: IsoInstant.nullish(),
});

export const TokenList = z.array(
  Token.transform((token) => ({
    id: token.id,
    name: token.name,
    state: stateOf(token),
    createdAt: token.created,
    expiresAt: token.expiration ?? undefined,
    lastUsedAt: token.lastUsedAt ?? undefined,
  })),
);

function stateOf({ isRevoked, hasExpired }: z.infer<typeof Token>) {
  if (isRevoked) return 'revoked' as const;
  return hasExpired ? ('expired' as const) : ('active' as const);
}

/** Who a token acts as: a service account is a user. */
export const Self = z.object({ id: z.int().positive(), login: z.string(), orgId: z.int() });
