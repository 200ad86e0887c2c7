import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { IsoInstant, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({
  user: z.string().trim().min(1),
  token: AdminSecret,
});
export const Account = z.strictObject({
  serviceAccount: z
    .string()
    .regex(/^sa-[a-z0-9]{1,40}$/, 'must be the id of a service account, such as sa-123abc'),
});
export const Grant = z.strictObject({});

/** Keys of clusters are of another owner here: an account is the Cloud API keys of its service account. */
const Key = z
  .object({
    id: z.string().min(1),
    metadata: z.object({ created_at: IsoInstant.optional() }),
    spec: z.object({
      display_name: z.string().optional(),
      owner: z.object({ id: z.string() }),
      resource: z.object({ id: z.string() }).nullish(),
    }),
  })
  .transform(({ id, metadata, spec: { display_name: name, owner, resource } }) => ({
    id,
    name,
    state: 'active' as const,
    createdAt: metadata.created_at,
    owner: !resource || resource.id.startsWith('cloud') ? owner.id : `${owner.id}/${resource.id}`,
  }));

/** Neither part is of use alone, so both are the value. */
export const MadeKey = z
  .object({
    id: z.string().min(1),
    spec: z.object({ secret: Value }).catch({ secret: undefined }),
  })
  .transform(({ id, spec: { secret } }) => ({
    id,
    value: secret && new Secret(`${id}:${secret.reveal()}`),
  }));
export const NewEntry = Key;

/** Whose a new key is. */
export const MadeOwner = Key.transform(({ owner }) => owner);

const Page = z.object({
  kind: z.literal('ApiKeyList'),
  data: z.array(Key),
  metadata: z.object({ next: z.string().nullish() }),
});
export const KeyPage = Page.transform(({ data }) => data);
export const NextPage = Page.transform(({ metadata }) => metadata.next);

/** The environments that a key may see, none of which go further. */
export const Environments = z.object({ kind: z.literal('EnvironmentList'), data: z.array(z.unknown()) });
