import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { Grants } from '../grant-of.ts';
import { AdminSecret, GrantedSecret } from '../grants.ts';
import { IssuerUrl } from '../hosts.ts';

const ClientId = z.string().regex(/^[\w-]{1,128}$/, 'must be the client id of an application');

const Application = z.strictObject({ clientId: ClientId });

export const Grant = Application.extend({
  secret: GrantedSecret.refine(
    (name) => !name.endsWith('*'),
    'must be the exact name of one secret, since an application has one client secret',
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

const Revealed = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

/** Source: auth0/docs, articles/api/authentication, "Client Credentials Flow". */
export const Login = z.object({ access_token: Revealed, token_type: z.literal('Bearer') });

/** Source: auth0/node-auth0, RotateClientSecretResponseContent. */
export const Rotated = z.object({ client_id: z.string(), client_secret: Revealed });

/** What Auth0 says of a client whose id or secret is wrong. */
export const AccessDenied = z.object({
  error: z.literal('access_denied'),
  error_description: z.literal('Unauthorized'),
});

/** What it says to a client that it accepts, of a refresh token that is none. */
export const InvalidGrant = z.object({
  error: z.literal('invalid_grant'),
  error_description: z.literal('Unknown or invalid refresh token.'),
});

/** And to one that has no such grant type. */
export const NotItsGrant = z.object({
  error: z.literal('unauthorized_client'),
  error_description: z.literal("Grant type 'refresh_token' not allowed for the client."),
});
