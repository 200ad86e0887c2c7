import * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import type { Entry } from '../declared/calls.ts';
import { Done, NullableMoment, NullableText, Text, rowsOf } from '../snowflake-rows.ts';
import { fingerprintOf, keyPairIn, publicTextOf } from '../snowflake-signing.ts';

/** A user may do with a key what its roles allow. */
export const Grant = z.strictObject({});

/**
 * A key is known by the fingerprint of its public half, in base64url: names are given to other keys, and keys
 * other names.
 */
export const FINGERPRINT = /[\w-]{43}/;

/** The id of a value; undefined for a text that is no key. */
export function idOf(value: Secret): string | undefined {
  const key = keyPairIn(value);
  return key && fingerprintOf(key).toString('base64url');
}

/** What a statement says of a new key: its name is made of it. Undefined for a text that is no key. */
export function pairOf(value: Secret): { readonly name: string; readonly publicText: string } | undefined {
  const key = keyPairIn(value);
  if (!key) return undefined;
  const mark = fingerprintOf(key).subarray(0, 16).toString('hex').toUpperCase();
  return { name: `KEYTURN_${mark}`, publicText: publicTextOf(key) };
}

const Hash = Text.pipe(z.string().regex(/^(?:SHA256:)?[A-Za-z0-9+/]{43}=$/)).transform((text) =>
  Buffer.from(text.replace('SHA256:', ''), 'base64').toString('base64url'),
);

const STATES = { ACTIVE: 'active', EXPIRED: 'expired', DISABLED: 'disabled' } as const;
/** The one that counts first. */
const RANKS = ['active', 'disabled', 'expired'];

/**
 * The last use is not read: a check of Keyturn's is one. Source: docs.snowflake.com, "SHOW USER KEY PAIRS".
 */
const Shown = z
  .object({
    name: Text.pipe(z.string().min(1)),
    user_name: Text,
    fingerprint: Hash,
    role_scope: NullableText,
    status: Text.pipe(z.enum(['ACTIVE', 'EXPIRED', 'DISABLED'])),
    created_on: NullableMoment,
    expires_at: NullableMoment,
  })
  .transform((pair): Entry => ({
    id: pair.fingerprint,
    name: pair.name,
    owner: pair.user_name,
    state: STATES[pair.status],
    createdAt: pair.created_on,
    expiresAt: pair.expires_at,
    ...(pair.role_scope !== '' && { scopes: [pair.role_scope] }),
  }));

/**
 * A key is the active pair of its user, and one that is none may have it, too: "The public key must be unique
 * among all of the user's active keys." Such a one is shown once the other is gone.
 */
export const Pairs = rowsOf(Shown).transform((pairs) => {
  const sorted = pairs.toSorted((one, other) => RANKS.indexOf(one.state) - RANKS.indexOf(other.state));
  const isFirst = (pair: Entry): boolean =>
    sorted.find(({ id, owner }) => id === pair.id && owner === pair.owner) === pair;
  return sorted.filter(isFirst);
});

/** Snowflake says that it is done, and shows nothing of the pair. */
export function added(value: Secret): z.ZodType<Entry> {
  return Done.transform((_, context): Entry => {
    const [id, pair] = [idOf(value), pairOf(value)];
    if (id !== undefined && pair) return { id, name: pair.name, state: 'active' };
    context.addIssue({ code: 'custom', message: 'is about a text that is no key' });
    return z.NEVER;
  });
}

/** A removed key, and a disabled user, another account or a clock that is off: all in the same words. */
export const NotAccepted = z.object({
  code: z.literal('390144'),
  message: z.string().regex(/^JWT token is invalid\./),
});
