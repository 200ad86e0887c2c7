import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import type { Instant } from '../../core/basics/time.ts';
import { Grants } from '../grant-of.ts';
import { AdminSecret, GrantedSecret } from '../grants.ts';
import { issuerRoot } from '../hosts.ts';

/** Numbers only: a project's path can be given to another project, its number cannot. */
const Resource = z
  .string()
  .regex(
    /^(projects\/\d+|groups\/\d+(\/service_accounts\/\d+)?|users\/\d+)$/,
    'must be projects/<number>, groups/<number>, groups/<number>/service_accounts/<number> or users/<number>',
  );

export const Grant = z
  .strictObject({
    secret: GrantedSecret,
    resource: Resource,
    scopes: z
      .array(z.string().regex(/^[a-z0-9_]{1,40}$/, 'must be the name of a GitLab scope such as read_api'))
      .min(1),
    /**
     * Where this secret's tokens were made before, such as the project it belonged to: they are still probed,
     * counted and revoked there.
     */
    formerly: z.array(z.strictObject({ resource: Resource })).optional(),
    /**
     * The role of a project or group token: 10 Guest, 15 Planner, 20 Reporter, 25 Security Manager, 30
     * Developer, 40 Maintainer, 50 Owner.
     */
    accessLevel: z.literal([10, 15, 20, 25, 30, 40, 50]).optional(),
    /** The longest life of a token, in days. */
    maxDays: z.number().int().min(1).max(400),
  })
  .superRefine((grant, context) => {
    const problem = roleProblem(grant);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['accessLevel'], message: problem });
  });
export type Grant = z.infer<typeof Grant>;

/**
 * Project and group tokens carry a role of their own; GitLab would make it Maintainer unasked, so it has to
 * be said.
 */
function roleProblem(grant: { resource: string; accessLevel?: number | undefined }): string | undefined {
  const hasRole = /^(projects|groups)\/\d+$/.test(grant.resource);
  if (hasRole && grant.accessLevel === undefined) return 'is missing: say the role, such as 20 for Reporter';
  return hasRole || grant.accessLevel === undefined
    ? undefined
    : 'is for project and group tokens only: other tokens have the role of their account';
}

export const Admin = z.strictObject({
  url: issuerRoot('/api/v4'),
  token: AdminSecret,
  grants: Grants.min(1),
});

const Timestamp = z.iso.datetime({ offset: true }).transform((text): Instant => Date.parse(text));
/** A token ends at 00:00 UTC of its date. Source: docs.gitlab.com, "Personal access tokens". */
const DateOnly = z.iso.date().transform((text): Instant => Date.parse(`${text}T00:00:00Z`));

/** A token as GitLab shows it; fields not used are left out. */
export const AccessToken = z.object({
  id: z.number().int().positive(),
  name: z.string(),
  active: z.boolean(),
  revoked: z.boolean(),
  created_at: Timestamp,
  expires_at: DateOnly.nullable(),
  last_used_at: Timestamp.nullish(),
  scopes: z.array(z.string()),
  user_id: z.number().int(),
  access_level: z.number().int().nullish(),
  description: z.string().nullish(),
});
export type AccessToken = z.infer<typeof AccessToken>;

export const AccessTokenList = z.array(AccessToken);

/**
 * What counts of a creation: this arrived, so a token is active. Whatever else is odd about the answer is
 * told, and no reason to lose it.
 */
export const MadeToken = z.object({
  id: z.number().int().positive(),
  token: z
    .string()
    .min(1)
    .transform((text) => new Secret(text))
    .optional()
    .catch(undefined),
});
