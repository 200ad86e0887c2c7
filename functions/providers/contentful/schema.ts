import * as z from 'zod';
import { IsoInstant, Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

const idOf = (what: string) => z.string().regex(/^[\w.-]{1,64}$/, `must be the id of ${what}`);

/** Contentful's paths name no user: the token says whose it is. */
export const User = z.strictObject({
  user: idOf('a user'),
  token: GrantValue,
  /** Where values are checked: one that consumers use. */
  space: idOf('a space'),
});

export const Grant = z.strictObject({
  scope: z.enum(['content_management_read', 'content_management_manage']),
});

/** Tokens of the command line and of applications stand in the same list. */
export const TYPE = 'PersonalAccessToken';

/** Enough of a value to tell it from others. */
const ENDING = /^[\w-]{4,}$/;

/** A revoked token stays in the list. */
const Token = z
  .object({
    name: z.string(),
    scopes: z.array(z.string()),
    revokedAt: IsoInstant.nullable(),
    sys: z.object({
      id: z.string().min(1),
      type: z.string(),
      createdAt: IsoInstant,
      expiresAt: IsoInstant.nullable(),
      redactedValue: z.string().nullish(),
    }),
  })
  .transform(({ name, scopes, revokedAt, sys }) => ({
    id: sys.id,
    name,
    state: revokedAt === null ? ('active' as const) : ('revoked' as const),
    scopes,
    createdAt: sys.createdAt,
    expiresAt: sys.expiresAt ?? undefined,
    owner: sys.type,
    mask: ENDING.test(sys.redactedValue ?? '') ? (sys.redactedValue ?? undefined) : undefined,
  }));

export const MadeToken = z
  .object({ sys: z.object({ id: z.string().min(1) }), token: Value })
  .transform(({ sys: { id }, token }) => ({ id, value: token }));
export const NewEntry = Token;

const Page = z.object({
  total: z.int().nonnegative(),
  skip: z.int().nonnegative(),
  items: z.array(Token),
});
export const TokenPage = Page.transform(({ items }) => items);
export const Total = Page.transform(({ total }) => total);
export const Before = Page.transform(({ skip }) => skip);

/** The token that was revoked, as it is since. */
export const revokedOf = (id: string) =>
  z.object({ revokedAt: IsoInstant, sys: z.object({ id: z.literal(id) }) });

/** Whose a token is. */
export const Self = z.object({ sys: z.object({ type: z.literal('User'), id: z.string().min(1) }) });

export const spaceOf = (space: string) =>
  z.object({ name: z.string(), sys: z.object({ type: z.literal('Space'), id: z.literal(space) }) });

const failureOf = (id: string) => z.object({ type: z.literal('Error'), id: z.literal(id) });

export const Invalid = z.object({
  sys: failureOf('AccessTokenInvalid'),
  message: z.literal('The access token you sent could not be found or is invalid.'),
});
/** The token is known, and its user has not authorized it for the organization of the space. */
export const NotAuthorized = z.object({ sys: failureOf('OrganizationAccessGrantRequired') });
