import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { IsoInstant, NumberId } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';
import { withoutComment } from './public-key.ts';

/** One installation of a GitHub App. The key is the file that GitHub gives, in base64 on one line. */
export const Admin = z.strictObject({
  appId: z.int().positive(),
  installationId: z.int().positive(),
  private_key_base64: AdminSecret,
});
export type Admin = z.infer<typeof Admin>;

export const Repository = z.strictObject({
  repository: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{0,99}\/(?!\.{1,2}$)[\w.-]{1,100}$/, 'must be OWNER/NAME of a repository'),
});
export type Repository = z.infer<typeof Repository>;

/** Without a default: a key that may write does what a person who administers the repository may do. */
export const Grant = z.strictObject({ readOnly: z.boolean() });
export type Grant = z.infer<typeof Grant>;

/** What a key may do, in a word. */
export const scopeOf = (readOnly: boolean): string => (readOnly ? 'read' : 'write');

/**
 * `enabled` need not be there. An organization that forbids deploy keys disables those that it has. What a
 * key that is not verified may do, is not documented: it is taken for one that is not accepted.
 */
export const DeployKey = z
  .object({
    id: NumberId,
    key: z.string().min(1),
    title: z.string(),
    verified: z.boolean(),
    created_at: IsoInstant,
    read_only: z.boolean(),
    enabled: z.boolean().optional(),
  })
  .transform(({ id, key, verified, enabled = true, created_at: createdAt, read_only: readOnly }) => ({
    id,
    state: verified && enabled ? ('active' as const) : ('disabled' as const),
    createdAt,
    scopes: [scopeOf(readOnly)],
    mask: withoutComment(key),
  }));

export const DeployKeys = z.array(DeployKey);

/** A token of an installation, which ends after an hour and may administer a repository. */
export const InstallationToken = z
  .object({
    token: z
      .string()
      .min(1)
      .transform((text) => new Secret(text)),
    permissions: z.object({ administration: z.literal('write') }),
  })
  .transform(({ token }) => token);
