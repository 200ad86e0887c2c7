import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import type { Instant } from '../../core/basics/time.ts';
import { Grants } from '../grant-of.ts';
import { AdminSecret, GrantedSecret } from '../grants.ts';
import { issuerRoot } from '../hosts.ts';

/**
 * What one secret may have. Whatever limits a credential belongs here: owners of secrets cannot change it.
 */
const Account = z.strictObject({
  account: z.string().regex(/^[a-z0-9-]{1,60}$/, 'must be the id of a service account'),
});

export const Grant = Account.extend({
  secret: GrantedSecret,
  /** Where this secret's credentials were made before: they are still probed, counted and revoked there. */
  formerly: z.array(Account).optional(),
  scopes: z.array(z.string().min(1)).min(1),
  maxDays: z.number().int().min(1).max(365),
});
export type Grant = z.infer<typeof Grant>;

/** Strict: a misspelt field must not pass for one left out. */
export const Admin = z.strictObject({ url: issuerRoot(), token: AdminSecret, grants: Grants.min(1) });

const Timestamp = z.iso.datetime({ offset: true }).transform((text): Instant => Date.parse(text));

/** Answers are loose: name the fields you use and no others. */
export const Key = z.object({
  id: z.string().min(1),
  label: z.string(),
  enabled: z.boolean(),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  scopes: z.array(z.string()),
});
export type Key = z.infer<typeof Key>;

export const KeyPage = z.object({ keys: z.array(Key), next: z.string().optional() });

/**
 * What counts of a creation: this arrived, so a key is active. The value becomes a {@link Secret} the moment
 * it is read.
 */
export const MadeKey = z.object({
  id: z.string().min(1),
  key: z
    .string()
    .min(1)
    .transform((text) => new Secret(text))
    .optional()
    .catch(undefined),
});

export const Whoami = z.object({ keyId: z.string(), scopes: z.array(z.string()) });
