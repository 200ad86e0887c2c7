import * as z from 'zod';
import { Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});
export type Admin = z.infer<typeof Admin>;

export const User = z.strictObject({
  user: z.string().regex(/^[\w.@~-]+$/, 'must be the name of a user of the registry'),
  password: GrantValue,
});
/** A user of the registry, and its password. */
export type User = z.infer<typeof User>;

export const Grant = z.strictObject({
  readonly: z.boolean().default(false),
  /** Addresses the token may be used from; the one Keyturn calls from has to be among them. */
  cidr: z.array(z.cidrv4('must be a list of IPv4 ranges such as 10.0.0.0/8').or(z.cidrv6())).default([]),
});
export type Grant = z.infer<typeof Grant>;

const IsoInstant = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number());

/**
 * What Verdaccio lists is active: a deleted token is gone from the list, and of an ended JWT it knows
 * nothing.
 */
const Listed = { state: 'active' } as const;

/** A token as the registry lists it: `token` is its mask there, never the value. */
const ListedToken = z
  .object({
    key: z.string().min(1),
    token: z.string(),
    created: IsoInstant,
    cidr: z.array(z.string()).nullish(),
  })
  .transform(({ key, token, created, cidr }) => ({
    ...Listed,
    id: key,
    mask: token,
    createdAt: created,
    onlyFrom: cidr ?? [],
  }));

const Page = z.object({
  objects: z.array(ListedToken),
  urls: z.object({ next: z.string().optional() }).optional(),
});
export const TokenPage = Page.transform(({ objects }) => objects);
/** The address of the next page; Verdaccio sends an empty text. */
export const NextPage = Page.transform(({ urls }) => urls?.next);

/** What counts of a creation: this arrived, so a token is active. */
export const MadeToken = z
  .object({ key: z.string().min(1), token: Value })
  .transform(({ key, token }) => ({ id: key, value: token }));

/** The rest of the answer to a creation. */
export const MintedToken = z
  .object({
    key: z.string(),
    created: IsoInstant,
    readonly: z.boolean(),
    cidr: z.array(z.string()).nullish(),
  })
  .transform(({ key, created, readonly, cidr }) => ({
    ...Listed,
    id: key,
    createdAt: created,
    readonly,
    onlyFrom: cidr ?? [],
  }));

/** The last second that a date can show. */
const LAST_SECOND = 8_640_000_000_000;

/** What Verdaccio puts into a token when it signs them as JWTs. */
export const TokenClaims = z.object({
  exp: z.number().int().nonnegative().max(LAST_SECOND).optional(),
  token: z.object({ key: z.string() }).optional(),
});
