import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { IsoInstant, Value, uuidOf } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

/** A key reaches its own organization alone. */
export const Admin = z.strictObject({ organization: uuidOf('an organization'), token: AdminSecret });
export const Account = z.strictObject({ application: uuidOf('an IAM application') });
export const Grant = z.strictObject({
  /** The Project in which the key uses Object Storage; the organization's own without one. */
  project: uuidOf('a Project').optional(),
});

const Key = z
  .object({
    access_key: z.string().min(1),
    description: z.string(),
    created_at: IsoInstant,
    expires_at: IsoInstant.nullable(),
    // A key of a user has none.
    application_id: z.string().optional(),
  })
  .transform((key) => ({
    id: key.access_key,
    name: key.description,
    state: 'active' as const,
    createdAt: key.created_at,
    expiresAt: key.expires_at ?? undefined,
    owner: key.application_id ?? '',
  }));

/** Object Storage wants both parts, so both are the value. */
export const MadeKey = z
  .object({ access_key: z.string().min(1), secret_key: Value })
  .transform(({ access_key: id, secret_key: secret }) => ({
    id,
    value: secret && new Secret(`${id}:${secret.reveal()}`),
  }));
export const NewEntry = Key;

/** Whose a new key is, and where it uses Object Storage. */
export const MadeOf = z.object({ application_id: z.string(), default_project_id: z.string() });

const Page = z.object({ api_keys: z.array(Key), total_count: z.int().nonnegative() });
export const KeyPage = Page.transform(({ api_keys: keys }) => keys);
export const Total = Page.transform(({ total_count: count }) => count);

/** The key that asks, as it is shown to itself. */
export const Self = z.object({
  access_key: z.string(),
  application_id: z.string(),
  expires_at: IsoInstant.nullable(),
});

/** A right that the bearer lacks: Scaleway knows who asks. */
export const Denied = z.object({
  type: z.literal('permissions_denied'),
  message: z.literal('insufficient permissions'),
  details: z.array(z.object({ action: z.string().min(1), resource: z.string().min(1) })).min(1),
});

/** An API key that is none. */
export const refusedFor = (reason: string) =>
  z.object({
    type: z.literal('denied_authentication'),
    method: z.literal('api_key'),
    reason: z.literal(reason),
  });

/** The two parts of a value; a text of another form is taken for the secret alone. */
export function partsOf(value: Secret): { readonly accessKey: string; readonly secretKey: Secret } {
  const text = value.reveal();
  const [, accessKey, secretKey] = /^(SCW[A-Z0-9]{17}):(.+)$/s.exec(text) ?? [];
  if (accessKey === undefined || secretKey === undefined) return { accessKey: 'none', secretKey: value };
  return { accessKey, secretKey: new Secret(secretKey) };
}
