import * as z from 'zod';
import { parseJson } from '../../core/basics/json.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { SECOND, type Instant } from '../../core/basics/time.ts';
import { UUID, Value, claimsIn } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });

/** JFrog writes names of users in small letters. */
export const User = z.strictObject({
  user: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,254}$/, 'must be the name of a user, in small letters'),
});

const NAMES = String.raw`[\w.-]+(,[\w.-]+)*`;
const ACTIONS = String.raw`([rwdamxs](,[rwdamxs])*|\*)`;
const Scope = z
  .string()
  .regex(
    new RegExp(
      `^(applied-permissions/(user|groups:${NAMES}|roles:[a-z][a-z0-9-]{1,31}:${NAMES})` +
        String.raw`|artifact:[^\s:]+:${ACTIONS}|system:(metrics|livelogs):r)$`,
    ),
    'must be a scope such as applied-permissions/groups:readers, and not that of an administrator',
  );

/** Source: jfrog.com, "Create Token": so many characters in all. */
const LONGEST_SCOPE = 500;

export const Grant = z.strictObject({
  scopes: z
    .array(Scope)
    .min(1)
    .refine((scopes) => new Set(scopes).size === scopes.length, 'must have each scope once')
    .refine(
      (scopes) => scopes.join(' ').length <= LONGEST_SCOPE,
      `must have ${LONGEST_SCOPE} characters in all at most`,
    ),
});

/** The user of a subject such as `jfac@01h2…/users/ci-builder`; undefined for a service's. */
const ownerIn = (subject: string): string | undefined => /\/users\/([^/]+)$/.exec(subject)?.[1];

/** Seconds since 1970, in the years that a date has. */
const Moment = z
  .int()
  .nonnegative()
  .max(8_640_000_000_000)
  .transform((seconds): Instant => seconds * SECOND);

/** A token is listed until it is revoked, or for a while after its end. One without an end tells none. */
const Token = z
  .object({
    token_id: z.string().min(1),
    subject: z.string(),
    issued_at: Moment,
    expiry: Moment.nullish(),
    description: z.string().nullish(),
  })
  .transform(({ token_id: id, subject, issued_at: createdAt, expiry, description }) => ({
    id,
    name: description ?? undefined,
    state: 'active' as const,
    createdAt,
    expiresAt: expiry || undefined,
    owner: ownerIn(subject),
  }));

export const TokenList = z.object({ tokens: z.array(Token) }).transform(({ tokens }) => tokens);

export const MadeToken = z
  .object({ token_id: z.string().min(1), access_token: Value })
  .transform((made) => ({ id: made.token_id, value: made.access_token }));

/** Name and times are in the list alone. */
export const NewEntry = z
  .object({ token_id: z.string().min(1), scope: z.string(), token_type: z.string() })
  .transform((made) => ({ id: made.token_id, state: 'active' as const }));

/** What a new token may do, in one order. */
export const MadeScopes = z
  .object({ scope: z.string() })
  .transform(({ scope }) => scope.split(/\s+/).toSorted().join(' '));

export const MadeRefresh = z.object({ refresh_token: z.string().min(1) });

/** The mark of a token that can be revoked whatever its life. It is JSON in a JWT's claim. */
const Claims = z.object({
  ext: z
    .string()
    .transform(parseJson)
    .pipe(z.object({ revocable: z.literal('true') })),
});

export function isRevocable(value: Secret): boolean {
  return Claims.safeParse(claimsIn(value)).success;
}

/** Which token asks, and whose it is. */
export const Self = z
  .object({
    token_id: z.string().regex(new RegExp(`^${UUID.source}$`)),
    subject: z.string(),
    issued_at: Moment,
  })
  .transform(({ token_id: id, subject }) => ({ id, user: ownerIn(subject) }));

export const refusal = (why: string) =>
  z.object({
    errors: z.tuple([
      z.object({ code: z.literal('UNAUTHORIZED'), message: z.literal(`Invalid token, ${why}`) }),
    ]),
  });
