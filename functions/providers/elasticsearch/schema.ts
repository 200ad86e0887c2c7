import * as z from 'zod';
import type { Instant } from '../../core/basics/time.ts';
import { Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

export const User = z.strictObject({
  user: z.string().regex(/^[\w.@~-]{1,200}$/, 'must be the name of a user of the cluster'),
  password: GrantValue,
});
export type User = z.infer<typeof User>;

const Word = z.string().regex(/^\S+$/, 'must be a word without blanks');
const Names = z.array(Word).min(1);

/** A role as a grant names it. */
const Role = z.strictObject({
  cluster: Names.optional(),
  indices: z.array(z.strictObject({ names: Names, privileges: Names })).optional(),
});
type Role = z.infer<typeof Role>;

export const Grant = z.strictObject({
  // A key without roles may do all that its user may.
  roles: z
    .record(z.string().regex(/^[\w-]{1,100}$/, 'must be the name of a role'), Role)
    .refine((roles) => Object.keys(roles).length > 0, 'must name a role at least'),
});
export type Grant = z.infer<typeof Grant>;

/**
 * What a role allows beside privileges on clusters and indices is told by its field alone: a grant names none
 * of it.
 */
export function wordsOf(roles: Readonly<Record<string, Role & { readonly more?: string[] }>>): string[] {
  return Object.entries(roles).flatMap(([role, { cluster = [], indices = [], more = [] }]) => [
    ...cluster.map((privilege) => `${role}:${privilege}`),
    ...indices.flatMap(({ names, privileges }) =>
      names.flatMap((name) => privileges.map((privilege) => `${role}:${privilege}@${name}`)),
    ),
    ...more.map((field) => `${role}:${field}`),
  ]);
}

const Milliseconds = z.int().transform((at): Instant => at);

/** As the cluster writes a role: with fields for all that it does not allow. */
const ListedRole = z
  .object({
    cluster: z.array(z.string()).optional(),
    indices: z
      .array(
        z.looseObject({
          names: z.array(z.string()),
          privileges: z.array(z.string()),
          allow_restricted_indices: z.boolean().optional(),
        }),
      )
      .optional(),
    applications: z.array(z.unknown()).optional(),
    global: z.unknown().optional(),
    run_as: z.array(z.string()).optional(),
  })
  .transform((role) => ({
    cluster: role.cluster,
    indices: role.indices,
    more: [
      ...(role.applications?.length ? ['applications'] : []),
      ...(role.run_as?.length ? ['run_as'] : []),
      ...(role.global === undefined ? [] : ['global']),
      ...(role.indices?.some((one) => one.allow_restricted_indices) ? ['allow_restricted_indices'] : []),
    ],
  }));

const Key = z
  .object({
    id: z.string().min(1),
    name: z.string(),
    creation: Milliseconds,
    expiration: Milliseconds.nullish(),
    invalidated: z.boolean(),
    role_descriptors: z.record(z.string(), ListedRole).optional(),
  })
  .transform(({ id, name, creation, expiration, invalidated, role_descriptors: roles }) => ({
    id,
    name,
    state: invalidated ? ('revoked' as const) : ('active' as const),
    createdAt: creation,
    expiresAt: expiration ?? undefined,
    scopes: roles && wordsOf(roles),
  }));

export const KeyList = z.object({ api_keys: z.array(Key) }).transform(({ api_keys: keys }) => keys);

export const MadeKey = z
  .object({ id: z.string().min(1), encoded: Value })
  .transform(({ id, encoded }) => ({ id, value: encoded }));

/** The answer to a creation tells neither when it was nor what the key may do. */
export const NewEntry = z
  .object({ id: z.string(), name: z.string(), expiration: Milliseconds.optional() })
  .transform(({ id, name, expiration }) => ({
    id,
    name,
    state: 'active' as const,
    expiresAt: expiration,
  }));

/** One key was asked about, so one was ended. */
export const Invalidated = z.object({
  invalidated_api_keys: z.tuple([z.string()]),
  error_count: z.literal(0),
});

/** Who a key acts as. */
export const SelfOfKey = z.object({
  username: z.string(),
  enabled: z.literal(true),
  authentication_type: z.literal('api_key'),
  api_key: z.object({ id: z.string() }),
});

/** The same of a password. */
export const SelfOfUser = z.object({
  username: z.string(),
  enabled: z.literal(true),
  authentication_type: z.literal('realm'),
});
