import * as z from 'zod';
import { IsoInstant } from '../declared/forms.ts';
import type { PublicJwk } from '../signing-key.ts';

export const Grant = z.strictObject({});
export type Grant = z.infer<typeof Grant>;

/** The coordinates of a key; those of a curve come without the curve. */
type Numbers = { readonly n: string } | { readonly x: string; readonly y: string };

/** A public key in one text, however its numbers are padded: Okta's own examples begin with a zero. */
export function markOf(numbers: Numbers): string {
  const [first, second = ''] = 'n' in numbers ? [numbers.n] : [numbers.x, numbers.y];
  return `${bare(first)}.${bare(second)}`;
}

export function markOfJwk(jwk: PublicJwk | undefined): string | undefined {
  return jwk && markOf(jwk);
}

function bare(number: string): string {
  return Buffer.from(number, 'base64url')
    .toString('hex')
    .replace(/^(?:00)+/, '');
}

const Shown = z.object({
  id: z.string().min(1),
  status: z.enum(['ACTIVE', 'INACTIVE']),
  created: IsoInstant,
  use: z.string().optional(),
});
/** Source: OAuth2ClientJsonWebKeyRsaResponse and OAuth2ClientJsonWebKeyECResponse. */
const Key = z.union([
  Shown.extend({ kty: z.literal('RSA'), n: z.string() }),
  Shown.extend({ kty: z.literal('EC'), x: z.string(), y: z.string() }),
]);
type Key = z.infer<typeof Key>;

const entryOf = (key: Key) => ({
  id: key.id,
  // It can be activated again: disabled, not revoked.
  state: key.status === 'ACTIVE' ? ('active' as const) : ('disabled' as const),
  createdAt: key.created,
  mask: markOf(key),
});

export const ClientKey = Key.transform(entryOf);

/** Keys for encryption of ID tokens stand in the same list, and sign nothing. */
const Signing = z.array(Key).transform((keys) => keys.filter(({ use }) => use !== 'enc').map(entryOf));

/** An array by its schema, and inside of `jwks` by its example (oAuthClientJsonWebKeyListResponse). */
export const ClientKeys = z.union([
  Signing,
  z.object({ jwks: z.object({ keys: Signing }) }).transform(({ jwks }) => jwks.keys),
]);
