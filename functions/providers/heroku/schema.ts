import * as z from 'zod';
import { IsoInstant, Value, uuidOf } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

export const User = z.strictObject({ user: uuidOf('an account'), token: GrantValue });

/** Source: devcenter.heroku.com, "OAuth", scopes. */
const Scope = z.enum(['global', 'identity', 'read', 'write', 'read-protected', 'write-protected']);

export const Grant = z.strictObject({
  scopes: z
    .array(Scope)
    .min(1)
    .refine(
      (scopes) => scopes.includes('global') || scopes.includes('identity'),
      'must hold global or identity: Heroku tells whose a token is to no other one',
    ),
});

/** A token is gone with its authorization, so what is listed is active. */
const Authorization = z
  .object({
    id: z.string().min(1),
    description: z.string().nullish(),
    created_at: IsoInstant,
    scope: z.array(z.string()),
    access_token: z.object({ token: Value }).nullish(),
  })
  .transform(({ id, description, created_at: createdAt, scope: scopes, access_token: token }) => ({
    id,
    name: description ?? undefined,
    state: 'active' as const,
    createdAt,
    scopes,
    value: token?.token,
  }));

export const MadeAuthorization = z
  .object({ id: z.string().min(1), access_token: z.object({ token: Value }).catch({ token: undefined }) })
  .transform(({ id, access_token: token }) => ({ id, value: token.token }));

export const NewEntry = Authorization;
export const AuthorizationList = z.array(Authorization);

/** Whether a new token ends by itself, which none is asked to do. */
export const MadeEnd = z
  .object({ access_token: z.object({ expires_in: z.number().nullable() }) })
  .transform(({ access_token: token }) => token.expires_in);

export const Deleted = z.object({ id: z.string().min(1), scope: z.array(z.string()) });

/** Whose a token is. */
export const Self = z.object({ id: z.string().min(1), email: z.string() });

export const Invalid = z.object({
  id: z.literal('unauthorized'),
  message: z.literal('Invalid credentials provided.'),
});
