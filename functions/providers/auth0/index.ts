import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Replaced } from '../../core/issuer/provider.ts';
import { clientSecrets } from '../client-secrets.ts';
import { epochDialect } from '../dialect.ts';
import { httpClient, type HttpClient } from '../http.ts';
import { bearer, pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { probeClient } from './probe.ts';
import { Admin, Grant, Login, Rotated } from './schema.ts';

/** Client secrets of Auth0's applications, each of which has one: a new one ends the one before. */
export const auth0 = clientSecrets({
  descriptor,
  admin: Admin,
  grant: Grant,
  kind: 'application',
  account: (_admin: Admin, clientId) => pathOf`clients/${clientId}`,
  // Source: auth0.com/docs, "Rate Limit Policy": x-ratelimit-reset is a time in seconds since 1970.
  clientOf: (origin, tools) => httpClient({ origin, tools, dialect: epochDialect('x-ratelimit-reset') }),
  ask: (http, { clientId }, value) => probeClient(http, clientId, value),
  replace: rotate,
});

/** Source: auth0/node-auth0, ClientsClient.rotateSecret: no body, and the client with its new secret. */
async function rotate(http: HttpClient, admin: Admin, clientId: string): Promise<Replaced> {
  const authorization = bearer(await logIn(http, admin));
  const answer = await http.send({
    method: 'POST',
    path: pathOf`/api/v2/clients/${clientId}/rotate-secret`,
    headers: { authorization },
    ends: true,
    repeatable: false,
  });
  const rotated = answer.json(Rotated);
  if (rotated.client_id !== clientId)
    throw new KeyturnError('issuer-response-invalid', `${answer.about} about another application.`);
  return { value: rotated.client_secret, fields: { client_id: clientId } };
}

/**
 * An access token for the Management API, for this one use. Source: auth0.com/docs, "Get Management API
 * Access Tokens for Production".
 */
async function logIn(http: HttpClient, { url, clientId, clientSecret }: Admin): Promise<Secret> {
  const answer = await http.send({
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
  });
  return answer.json(Login).access_token;
}
