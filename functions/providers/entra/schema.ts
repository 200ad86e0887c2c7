import * as z from 'zod';
import { IsoInstant, Value, isUuid, uuidOf } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({
  tenant: uuidOf('a tenant (directory)'),
  clientId: uuidOf('an application (client)'),
  clientSecret: AdminSecret,
});
export const Application = z.strictObject({ application: uuidOf('an application (client)') });
export const Grant = z.strictObject({});

const KeyId = z.string().refine(isUuid);

/** What is listed is accepted until it ends: a removed password is gone. */
const Password = z
  .object({
    keyId: KeyId,
    displayName: z.string().nullish(),
    hint: z.string().nullish(),
    startDateTime: IsoInstant,
    endDateTime: IsoInstant.nullish(),
  })
  .transform((password) => ({
    id: password.keyId,
    name: password.displayName ?? undefined,
    state: 'active' as const,
    createdAt: password.startDateTime,
    expiresAt: password.endDateTime ?? undefined,
    mask: password.hint ?? undefined,
  }));

export const MadePassword = z
  .object({ keyId: KeyId, secretText: Value })
  .transform(({ keyId, secretText }) => ({ id: keyId, value: secretText }));
export const NewEntry = Password;

export const Passwords = z
  .object({ appId: KeyId, passwordCredentials: z.array(Password) })
  .transform((application) => application.passwordCredentials);

const refusal = (code: number, sentence: string) =>
  z.object({
    error: z.literal('invalid_client'),
    error_codes: z.tuple([z.literal(code)]),
    // It goes on with advice, ids and the time.
    error_description: z.string().startsWith(`AADSTS${code}: ${sentence}`),
  });

/** A refusal that names the client: of a secret that was removed or never made, or that is at its end. */
export function refusalOf(client: string) {
  return z.union([
    refusal(
      7000215,
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret ' +
        `value, not the client secret ID, for a secret added to app '${client}'.`,
    ),
    refusal(7000222, `The provided client secret keys for app '${client}' are expired.`),
  ]);
}
