import * as z from 'zod';
import { auth0Grant } from '../auth0-api.ts';
import { IsoInstant } from '../declared/forms.ts';

export const Grant = auth0Grant('an application has two keys');
export type Grant = z.infer<typeof Grant>;

/** A key, without the public half, which Auth0 does not show again. Source: node-auth0, ClientCredential. */
export const Credential = z.object({
  id: z.string().regex(/^cred_\w{1,64}$/),
  credential_type: z.literal('public_key'),
  kid: z.string(),
  created_at: IsoInstant,
  expires_at: IsoInstant.optional(),
});
export type Credential = z.infer<typeof Credential>;

/** Those for mutual TLS stand in the same list. */
const OtherCredential = z
  .object({ id: z.string(), credential_type: z.enum(['cert_subject_dn', 'x509_cert']) })
  .transform(() => undefined);

export const Credentials = z
  .array(z.union([Credential, OtherCredential]))
  .transform((all) => all.filter((one) => one !== undefined));

/** What an application authenticates with; other methods are sent back as they are. */
const Methods = z.looseObject({
  private_key_jwt: z.looseObject({ credentials: z.array(z.looseObject({ id: z.string() })) }).optional(),
});
export type Methods = z.infer<typeof Methods>;

export const Client = z.object({
  client_id: z.string(),
  client_authentication_methods: Methods.nullish(),
});
export type Client = z.infer<typeof Client>;
