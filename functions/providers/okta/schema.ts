import * as z from 'zod';
import { Secret } from '../../core/secret.ts';
import { AdminText, GrantedSecret, oneSecretEach } from '../grants.ts';
import { IssuerUrl } from '../hosts.ts';

const TokenEndpoint = z
  .string()
  .regex(/^\/oauth2\/[\w-]+\/v1\/token$/, 'must be the path of a custom authorization server, such as /oauth2/default/v1/token');

const Grant = z.strictObject({
  secret: GrantedSecret.refine((name) => !name.endsWith('*'), 'must be the exact name of one secret, since an application has two slots only'),
  app: z.string().regex(/^\w+$/, 'must be the id of an application, such as 0oafxqCAJWWGELFTYASJ'),
  /** Only for applications with a client id of their own choice; Okta's default is the application's id. */
  clientId: z.string().regex(/^[!-9;-~]+$/, 'must be a client id: no spaces and no colon').optional(),
  /** Probe by asking for a token with these scopes, instead of by introspection. */
  scopes: z.array(z.string().regex(/^[!-~]+$/, 'must be one scope a text')).min(1).optional(),
  tokenEndpoint: TokenEndpoint.default('/oauth2/default/v1/token'),
});
export type Grant = z.infer<typeof Grant>;

/** The admin secret. */
export const Admin = z.strictObject({
  url: IssuerUrl,
  token: AdminText.transform((text) => new Secret(text)),
  grants: z.array(Grant).superRefine(oneSecretEach('app', 'application')),
});

const IsoInstant = z.string().transform((text) => Date.parse(text)).pipe(z.number());

/** A client secret without its value, which Okta's lists hold and this schema drops. */
export const ClientSecret = z.object({
  id: z.string().min(1),
  status: z.enum(['ACTIVE', 'INACTIVE']),
  created: IsoInstant,
});
export type ClientSecret = z.infer<typeof ClientSecret>;

export const ClientSecrets = z.array(ClientSecret);

/** For comparing with a value in hand, and for nothing else. */
export const RevealedSecrets = z.array(ClientSecret.extend({ client_secret: z.string().transform((text) => new Secret(text)).optional() }));

/** Introspection of a text that is no token. */
export const Introspection = z.object({ active: z.boolean() });

/** The answer of the token endpoint without the access token. */
export const TokenAnswer = z.object({ token_type: z.string(), scope: z.string().optional() });

/** An OAuth error has `error`; Okta's own errors have `errorCode` instead. */
export const OAuthError = z.object({ error: z.string() }).or(z.object({ errorCode: z.string() }));
