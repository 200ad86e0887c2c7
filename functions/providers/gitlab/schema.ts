import * as z from 'zod';
import type { Instant } from '../../core/basics/time.ts';
import type { GrantFault } from '../declared/declaration.ts';
import { IsoInstant, NumberId, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';
import { nameOf, stateOf } from './credential.ts';

/** Numbers only: a project's path can be given to another project, its number cannot. */
const Resource = z
  .string()
  .regex(
    /^((projects|groups)\/\d+(\/service_accounts\/\d+)?|users\/\d+)$/,
    'must be projects/<number> or groups/<number>, also with /service_accounts/<number>, or users/<number>',
  );

export const Place = z.strictObject({ resource: Resource });
export type Place = z.infer<typeof Place>;

export const Grant = z.strictObject({
  scopes: z
    .array(z.string().regex(/^[a-z0-9_]{1,40}$/, 'must be the name of a GitLab scope such as read_api'))
    .min(1),
  /**
   * The role of a project or group token: 10 Guest, 15 Planner, 20 Reporter, 25 Security Manager, 30
   * Developer, 40 Maintainer, 50 Owner.
   */
  accessLevel: z.literal([10, 15, 20, 25, 30, 40, 50]).optional(),
});
export type Grant = z.infer<typeof Grant>;

export const Admin = z.strictObject({ token: AdminSecret });
export type Admin = z.infer<typeof Admin>;

/**
 * Project and group tokens carry a role of their own; GitLab would make it Maintainer unasked, so it has to
 * be said.
 */
export function roleFault({ resource, accessLevel }: Place & Grant): GrantFault | undefined {
  const hasRole = /^(projects|groups)\/\d+$/.test(resource);
  const field = 'accessLevel';
  if (hasRole && accessLevel === undefined)
    return { field, problem: 'is missing: say the role, such as 20 for Reporter' };
  return hasRole || accessLevel === undefined
    ? undefined
    : { field, problem: 'is for project and group tokens only: other tokens have the role of their account' };
}

/** A token ends at 00:00 UTC of its date. Source: docs.gitlab.com, "Personal access tokens". */
const DateOnly = z.iso.date().transform((text): Instant => Date.parse(`${text}T00:00:00Z`));

/** A token as GitLab shows it; fields not used are left out. */
export const AccessToken = z.object({
  id: z.number().int().positive(),
  name: z.string(),
  active: z.boolean(),
  revoked: z.boolean(),
  created_at: IsoInstant,
  expires_at: DateOnly.nullable(),
  last_used_at: IsoInstant.nullish(),
  scopes: z.array(z.string()),
  user_id: z.number().int(),
  access_level: z.number().int().nullish(),
  description: z.string().nullish(),
});

/** The same as lists of all providers have it; the owner is the user that a token acts as. */
export const Entry = AccessToken.transform((token) => ({
  id: String(token.id),
  name: nameOf(token),
  state: stateOf(token),
  createdAt: token.created_at,
  expiresAt: token.expires_at ?? undefined,
  lastUsedAt: token.last_used_at ?? undefined,
  scopes: token.scopes,
  owner: String(token.user_id),
}));
export const TokenList = z.array(Entry);
export const OwnId = AccessToken.transform(({ id }) => String(id));

/** The role of a new token, where it has one of its own. */
export const MadeRole = AccessToken.transform((token) => token.access_level ?? undefined);

/**
 * What counts of a creation: this arrived, so a token is active. Whatever else is odd about the answer is
 * told, and no reason to lose it.
 */
export const MadeToken = z
  .object({ id: NumberId, token: Value })
  .transform(({ id, token }) => ({ id, value: token }));
