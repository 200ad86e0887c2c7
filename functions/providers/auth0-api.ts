import * as z from 'zod';
import type { ProviderTools } from '../core/issuer/provider.ts';
import { epochDialect } from './dialect.ts';
import { Grants } from './grant-of.ts';
import { AdminSecret, GrantedSecret } from './grants.ts';
import { IssuerUrl } from './hosts.ts';
import { httpClient, type HttpClient } from './http.ts';
import type { HttpRequest } from './request.ts';
import type { Verdict } from './verdicts.ts';

const ClientId = z.string().regex(/^[\w-]{1,128}$/, 'must be the client id of an application');
const Application = z.strictObject({ clientId: ClientId });

/** A grant of one application to one secret. `why`: ends the sentence about a name that means several. */
export function auth0Grant(why: string) {
  return Application.extend({
    secret: GrantedSecret.refine(
      (name) => !name.endsWith('*'),
      `must be the exact name of one secret, since ${why}`,
    ),
    /** Applications that this secret's values were made for before. */
    formerly: z.array(Application).optional(),
  });
}

/** The admin secret: an application that may use the Management API, and what it is for. */
export const Auth0Admin = z.strictObject({
  url: IssuerUrl,
  clientId: ClientId,
  clientSecret: AdminSecret,
  grants: Grants,
});
export type Auth0Admin = z.infer<typeof Auth0Admin>;

/** Source: auth0.com/docs, "Rate Limit Policy": x-ratelimit-reset is a time in seconds since 1970. */
export function auth0Client(origin: string, tools: ProviderTools): HttpClient {
  return httpClient({ origin, tools, dialect: epochDialect('x-ratelimit-reset') });
}

/** Source: auth0.com/docs, "Get Management API Access Tokens for Production". */
export function auth0Login({ url, clientId, clientSecret }: Auth0Admin): HttpRequest {
  return {
    method: 'POST',
    path: '/oauth/token',
    body: {
      form: {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        audience: `${url}/api/v2/`,
      },
    },
    repeatable: true,
  };
}

/** What Auth0 says of a client whose id or secret is wrong. */
export const AccessDenied = z.object({
  error: z.literal('access_denied'),
  error_description: z.literal('Unauthorized'),
});

/** No token of anybody: what is asked about it is only whether Auth0 accepts the client who asks. */
export const NO_REFRESH_TOKEN = 'keyturn-probe';

const accepting = (error: string, sentence: string) =>
  z.object({ error: z.literal(error), error_description: z.literal(sentence) }).transform((): object => ({}));

/**
 * What Auth0 says to a client that it accepts, of a refresh token that is none or that it may not use. Which
 * client asks is looked at before what it asks (RFC 6749 §3.2.1).
 */
export const CLIENT_ACCEPTED: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 403,
    body: accepting('invalid_grant', 'Unknown or invalid refresh token.'),
    source: 'auth0/Auth0.swift, issue 819; auth0/nextjs-auth0, issue 333',
  },
  {
    outcome: 'active',
    status: 403,
    body: accepting('unauthorized_client', "Grant type 'refresh_token' not allowed for the client."),
    source: 'auth0.com/docs, "Application Grant Types"; devdennysegura/flutter-auth0, issue 36',
  },
];
