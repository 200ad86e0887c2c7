import * as z from 'zod';
import { IsoInstant, Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants: each is of one tailnet. */
export const Admin = z.strictObject({});

export const Tailnet = z.strictObject({
  tailnet: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/, 'must be the id of a tailnet, and not only a dash'),
  clientSecret: GrantValue,
});
export const Grant = z.strictObject({
  scopes: z
    .array(
      z
        .string()
        .regex(
          /^(?!all$)[a-z_]+(:[a-z_]+){0,2}$/,
          'must be a scope such as dns:read or devices:core, and not all',
        ),
    )
    .min(1),
  tags: z
    .array(z.string().regex(/^tag:[A-Za-z][A-Za-z0-9-]{0,62}$/, 'must be a tag such as tag:ci'))
    .default([]),
});

const KeyId = z.string().regex(/^[A-Za-z0-9]{4,40}$/);

/** Only what is active is listed. What has ended says so where it is shown by itself. */
const Client = z
  .object({
    id: KeyId,
    keyType: z.literal('client'),
    description: z.string().optional(),
    created: IsoInstant,
    scopes: z.array(z.string()).min(1),
    tags: z.array(z.string()).nullish(),
    invalid: z.boolean().default(false),
  })
  .transform((client) => ({
    id: client.id,
    name: client.description,
    state: client.invalid ? ('revoked' as const) : ('active' as const),
    createdAt: client.created,
    scopes: reachOf(client),
  }));

/** What a client may do, and to what, in one list: each tag says that it is one. */
export function reachOf({
  scopes,
  tags,
}: {
  readonly scopes: readonly string[];
  readonly tags?: readonly string[] | null | undefined;
}): readonly string[] {
  return [...scopes, ...(tags ?? [])];
}

export const MadeClient = z
  .object({ id: KeyId, key: Value })
  .transform(({ id, key }) => ({ id, value: key }));
export const NewEntry = Client;

/** Auth keys, API access tokens and federated identities, which a list may show as well. */
const Other = z
  .object({ id: z.string(), keyType: z.enum(['auth', 'api', 'federated']) })
  .transform(() => undefined);

export const ClientList = z
  .object({ keys: z.array(z.union([Client, Other])) })
  .transform(({ keys }) => keys.filter((key) => key !== undefined));

export const Invalid = z.strictObject({ message: z.literal('API token invalid') });
