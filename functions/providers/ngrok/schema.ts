import * as z from 'zod';
import { IsoInstant, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });
export const Owner = z.strictObject({
  owner: z
    .string()
    .regex(
      /^(service|bot)_[A-Za-z0-9]{1,64}$/,
      'must be the id of a service user, which begins with service_',
    ),
});
export const Grant = z.strictObject({});

/** A key lives as long as it is listed. Keys of users stand in the list too. */
const Key = z
  .object({
    id: z.string().min(1),
    description: z.string().optional(),
    created_at: IsoInstant,
    owner_id: z.string().nullish(),
  })
  .transform(({ id, description: name, created_at: createdAt, owner_id: owner }) => ({
    id,
    name,
    state: 'active' as const,
    createdAt,
    owner: owner ?? undefined,
  }));

export const MadeKey = z
  .object({ id: z.string().min(1), token: Value })
  .transform(({ id, token }) => ({ id, value: token }));
export const NewEntry = Key;
export const KeyOwner = z.object({ owner_id: z.string() });

const Page = z.object({ keys: z.array(Key), next_page_uri: z.string().nullable() });
export const KeyPage = Page.transform(({ keys }) => keys);
export const NextPage = Page.transform(({ next_page_uri: next }) => next);

/** A service user, which its keys are of. */
export const ServiceUser = z.object({ id: z.string().min(1), active: z.literal(true) });

/** The message has the value in it: only the code is read. */
export const Invalid = z.object({ error_code: z.literal(['ERR_NGROK_202', 'ERR_NGROK_203']) });
