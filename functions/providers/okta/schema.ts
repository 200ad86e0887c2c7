import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { Grants } from '../grant-of.ts';
import { AdminSecret, GrantedSecret } from '../grants.ts';
import { IssuerUrl } from '../hosts.ts';

const TokenEndpoint = z
  .string()
  .regex(
    /^\/oauth2\/[\w-]+\/v1\/token$/,
    'must be the path of a custom authorization server, such as /oauth2/default/v1/token',
  );

const Application = z.strictObject({
  app: z.string().regex(/^\w+$/, 'must be the id of an application, such as 0oafxqCAJWWGELFTYASJ'),
  /** Only for applications with a client id of their own choice; Okta's default is the application's id. */
  clientId: z
    .string()
    .regex(/^[!-9;-~]+$/, 'must be a client id: no spaces and no colon')
    .optional(),
});
/** An application, and the name its secrets are sent with. */
export type Application = z.infer<typeof Application>;

export const Grant = Application.extend({
  secret: GrantedSecret.refine(
    (name) => !name.endsWith('*'),
    'must be the exact name of one secret, since an application has two slots only',
  ),
  /**
   * Applications that this secret's client secrets were made for before: these are still probed, counted and
   * deleted there.
   */
  formerly: z.array(Application).optional(),
  /** Probe by asking for a token with these scopes, instead of by introspection. */
  scopes: z
    .array(z.string().regex(/^[!-~]+$/, 'must be one scope a text'))
    .min(1)
    .optional(),
  tokenEndpoint: TokenEndpoint.default('/oauth2/default/v1/token'),
});
export type Grant = z.infer<typeof Grant>;

/** The admin secret. */
export const Admin = z.strictObject({
  url: IssuerUrl,
  token: AdminSecret,
  grants: Grants,
});

const IsoInstant = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number());

/** A client secret without its value, which Okta's lists hold and this schema drops. */
export const ClientSecret = z.object({
  id: z.string().min(1),
  status: z.enum(['ACTIVE', 'INACTIVE']),
  created: IsoInstant,
});
export type ClientSecret = z.infer<typeof ClientSecret>;

export const ClientSecrets = z.array(ClientSecret);

/** For comparing with a value in hand, and for nothing else. */
export const RevealedSecrets = z.array(
  ClientSecret.extend({
    client_secret: z
      .string()
      .transform((text) => new Secret(text))
      .optional(),
  }),
);
