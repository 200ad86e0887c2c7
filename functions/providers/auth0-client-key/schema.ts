import * as z from 'zod';
import { IsoInstant } from '../declared/forms.ts';
import { Grants } from '../grant-of.ts';
import { AdminSecret, GrantedSecret } from '../grants.ts';
import { IssuerUrl } from '../hosts.ts';

const ClientId = z.string().regex(/^[\w-]{1,128}$/, 'must be the client id of an application');

const Application = z.strictObject({ clientId: ClientId });

export const Grant = Application.extend({
  secret: GrantedSecret.refine(
    (name) => !name.endsWith('*'),
    'must be the exact name of one secret, since an application has two keys',
  ),
  /** Applications that this secret's values were made for before. */
  formerly: z.array(Application).optional(),
});
export type Grant = z.infer<typeof Grant>;

/** The admin secret: an application that may use the Management API, and what it is for. */
export const Admin = z.strictObject({
  url: IssuerUrl,
  clientId: ClientId,
  clientSecret: AdminSecret,
  grants: Grants,
});
export type Admin = z.infer<typeof Admin>;

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
