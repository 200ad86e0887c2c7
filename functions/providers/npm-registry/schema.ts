import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { Grants } from '../grant-of.ts';
import { GrantedSecret } from '../grants.ts';
import { issuerRoot } from '../hosts.ts';

/** Not trimmed: a password may end in anything. */
const Password = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

const User = z.strictObject({
  user: z.string().regex(/^[\w.@~-]+$/, 'must be the name of a user of the registry'),
  password: Password,
});
/** A user of the registry, and its password. */
export type User = z.infer<typeof User>;

export const Grant = User.extend({
  secret: GrantedSecret.refine(
    (name) => !name.endsWith('*'),
    'must be the exact name of one secret, since the user must be its alone',
  ),
  /** Users that this secret's tokens were made for before: these are still probed, counted and deleted there. */
  formerly: z.array(User).optional(),
  readonly: z.boolean().default(false),
  /** Addresses the token may be used from; the one Keyturn calls from has to be among them. */
  cidr: z.array(z.cidrv4('must be a list of IPv4 ranges such as 10.0.0.0/8').or(z.cidrv6())).default([]),
});
export type Grant = z.infer<typeof Grant>;

const Holder = z.object({ password: Password.optional().catch(undefined) });

/** The passwords of a grant, whatever else is wrong with it. */
export const GrantPasswords = Holder.extend({
  formerly: z.array(Holder.catch({})).catch([]).default([]),
})
  .transform((grant) => [grant, ...grant.formerly].flatMap(({ password }) => password ?? []))
  .catch([]);

/** The admin secret. */
export const Admin = z.strictObject({
  url: issuerRoot('/-/npm/v1'),
  grants: Grants,
});

const IsoInstant = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number());

/** A token as the registry lists it: `token` is its mask there, never the value. */
export const ListedToken = z.object({
  key: z.string().min(1),
  token: z.string(),
  created: IsoInstant,
  cidr: z.array(z.string()).nullish(),
});
export type ListedToken = z.infer<typeof ListedToken>;

export const TokenPage = z.object({
  objects: z.array(ListedToken),
  urls: z.object({ next: z.string().optional() }).optional(),
});

/** What counts of a creation: this arrived, so a token lives. Whatever else is odd about the answer is told, and no reason to lose it. */
export const MadeToken = z.object({
  key: z.string().min(1),
  token: z
    .string()
    .min(1)
    .transform((text) => new Secret(text))
    .optional()
    .catch(undefined),
});

/** The rest of the answer to a creation. */
export const MintedToken = z.object({
  created: IsoInstant,
  readonly: z.boolean(),
  cidr: z.array(z.string()).nullish(),
});

/** The last second that a date can show. */
const LAST_SECOND = 8_640_000_000_000;

/** What Verdaccio puts into a token when it signs them as JWTs. */
export const TokenClaims = z.object({
  exp: z.number().int().nonnegative().max(LAST_SECOND).optional(),
  token: z.object({ key: z.string() }).optional(),
});
