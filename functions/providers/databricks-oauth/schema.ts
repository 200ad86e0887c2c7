import * as z from 'zod';
import { ApplicationId } from '../databricks-login.ts';
import { IsoInstant, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ clientId: ApplicationId, clientSecret: AdminSecret });
export const Principal = z.strictObject({
  servicePrincipal: z
    .string()
    .regex(/^\d{1,20}$/, 'must be the id of a service principal, which is a number'),
  applicationId: ApplicationId,
});
export const Grant = z.strictObject({});

const Made = z.object({ id: z.string().min(1), create_time: IsoInstant, expire_time: IsoInstant.optional() });

/** What is listed is active until it ends: a deleted secret is gone. */
const Entry = Made.transform((secret) => ({
  id: secret.id,
  state: 'active' as const,
  createdAt: secret.create_time,
  expiresAt: secret.expire_time,
}));

export const MadeSecret = z
  .object({ id: z.string().min(1), secret: Value })
  .transform(({ id, secret }) => ({ id, value: secret }));
export const NewEntry = Entry;

/** Without secrets the field is left out. */
export const SecretList = z
  .strictObject({})
  .transform(() => [])
  .or(z.object({ secrets: z.array(Entry) }).transform(({ secrets }) => secrets));

export const NextPage = z
  .object({ next_page_token: z.string().optional() })
  .transform((page) => page.next_page_token);
