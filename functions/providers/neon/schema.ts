import * as z from 'zod';
import { IsoInstant, NumberId, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });
export const Organization = z.strictObject({
  organization: z
    .string()
    .regex(/^org-[a-z0-9-]{1,60}$/, 'must be the id of an organization, which begins with org-'),
});
export const Grant = z.strictObject({
  /** All projects of the organization without one. */
  project: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/, 'must be the id of a project')
    .optional(),
});

/** What a key may reach, as a word. */
export function reachOf(project: string | undefined): string {
  return project === undefined ? 'all projects' : `project ${project}`;
}

/** A key lives as long as it is listed. */
const Key = z
  .object({
    id: NumberId,
    name: z.string(),
    created_at: IsoInstant,
    project_id: z.string().min(1).optional(),
  })
  .transform(({ id, name, created_at: createdAt, project_id: project }) => ({
    id,
    name,
    state: 'active' as const,
    createdAt,
    scopes: [reachOf(project)],
  }));

export const MadeKey = z
  .object({ id: NumberId, key: Value })
  .transform(({ id, key }) => ({ id, value: key }));
export const NewEntry = Key;
export const KeyList = z.array(Key);

export const Revoked = z.object({ id: NumberId, revoked: z.literal(true) });

/** Whose a key is. */
export const Auth = z.object({ account_id: z.string().min(1), auth_method: z.string().min(1) });

export const Invalid = z.object({
  code: z.literal('').optional(),
  message: z.literal('supplied credentials do not pass authentication'),
});
