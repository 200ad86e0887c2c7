import * as z from 'zod';
import { Secret } from '../../core/secret.ts';
import { GrantedSecret, oneSecretEach } from '../grants.ts';
import { IssuerUrl } from '../hosts.ts';

const Grant = z.strictObject({
  secret: GrantedSecret.refine((name) => !name.endsWith('*'), 'must be the exact name of one secret, since the user must be its alone'),
  user: z.string().regex(/^[\w.@~-]+$/, 'must be the name of a user of the registry'),
  /** Not trimmed: a password may end in anything. */
  password: z.string().min(1).transform((text) => new Secret(text)),
  readonly: z.boolean().default(false),
  /** Addresses the token may be used from; the one Keyturn calls from has to be among them. */
  cidr: z.array(z.cidrv4('must be a list of IPv4 ranges such as 10.0.0.0/8').or(z.cidrv6())).default([]),
});
export type Grant = z.infer<typeof Grant>;

/** The admin secret. */
export const Admin = z.strictObject({
  url: IssuerUrl,
  grants: z.array(Grant).superRefine(oneSecretEach('user', 'user')),
});

const IsoInstant = z.string().transform((text) => Date.parse(text)).pipe(z.number());

/** A token as the registry lists it: `token` is its mask there, never the value. */
export const ListedToken = z.object({ key: z.string().min(1), token: z.string(), created: IsoInstant });
export type ListedToken = z.infer<typeof ListedToken>;

export const TokenPage = z.object({ objects: z.array(ListedToken), urls: z.object({ next: z.string().optional() }).optional() });

export const MintedToken = z.object({ key: z.string().min(1), token: z.string().min(1).transform((text) => new Secret(text)) });

/** Verdaccio answers 200 without a name to whom it does not know. */
export const WhoAmI = z.object({ username: z.string().optional() });

/** A refusal by the registry itself; a proxy in between would answer something else. */
export const Refusal = z.object({ error: z.string() });

/** The last second that a date can show. */
const LAST_SECOND = 8_640_000_000_000;

/** What Verdaccio puts into a token when it signs them as JWTs. */
export const TokenClaims = z.object({ exp: z.number().int().nonnegative().max(LAST_SECOND).optional(), token: z.object({ key: z.string() }).optional() });
