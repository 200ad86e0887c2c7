import * as z from 'zod';
import type { Instant } from '../../core/basics/time.ts';
import { IsoInstant, NumberId, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });

/** The username is part of the account: under another one GitLab refuses an active token. */
export const Place = z.strictObject({
  resource: z.string().regex(/^(projects|groups)\/\d+$/, 'must be projects/<number> or groups/<number>'),
  username: z
    .string()
    .regex(
      /^[\w.-]{0,100}\+[\w.+-]{1,100}$/,
      'must have a plus sign, as in keyturn+cluster: no user has such a name',
    ),
});

const SCOPES = [
  'read_repository',
  'read_registry',
  'write_registry',
  'read_package_registry',
  'write_package_registry',
  'read_virtual_registry',
  'write_virtual_registry',
] as const;

export const Grant = z.strictObject({
  scopes: z
    .array(z.enum(SCOPES))
    .refine(
      (scopes) =>
        scopes.includes('read_repository') &&
        (scopes.includes('read_registry') || scopes.includes('write_registry')),
      'must have read_repository, and read_registry or write_registry: by these a token is asked about',
    ),
});

/** GitLab does not tell when a token was made. Owner is its username. */
const Entry = z
  .object({
    id: NumberId,
    name: z.string(),
    username: z.string(),
    expires_at: IsoInstant.nullable(),
    revoked: z.boolean(),
    expired: z.boolean(),
    scopes: z.array(z.string()),
  })
  .transform(({ id, name, username, expires_at: end, revoked, expired, scopes }) => ({
    id,
    name,
    state: stateOf(revoked, expired),
    expiresAt: end ?? undefined,
    scopes,
    owner: username,
  }));

function stateOf(revoked: boolean, expired: boolean) {
  if (revoked) return 'revoked' as const;
  return expired ? ('expired' as const) : ('active' as const);
}

export const MadeToken = z
  .object({ id: NumberId, token: Value })
  .transform(({ id, token }) => ({ id, value: token }));
export const NewEntry = Entry;
export const TokenList = z.array(Entry);

/** A personal token ends at 00:00 UTC of its date. Source: docs.gitlab.com, "Personal access tokens". */
export const IsoDay = z.iso.date().transform((text): Instant => Date.parse(`${text}T00:00:00Z`));

/** Under which name a new token is taken. */
export const MadeName = z.object({ username: z.string() });

/** What the registry's door gives for a token that it takes. It goes no further. */
export const Admitted = z.strictObject({ token: z.string().min(1) });
