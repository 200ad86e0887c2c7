import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Replaced } from '../../core/issuer/provider.ts';
import { Auth0Admin, auth0Client, auth0Login } from '../auth0-api.ts';
import { clientSecrets } from '../client-secrets.ts';
import type { HttpClient } from '../http.ts';
import { bearer, pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { probeClient } from './probe.ts';
import { Grant, Login, Rotated } from './schema.ts';

/** Client secrets of Auth0's applications, each of which has one: a new one ends the one before. */
export const auth0 = clientSecrets({
  descriptor,
  admin: Auth0Admin,
  grant: Grant,
  kind: 'application',
  account: (_admin: Auth0Admin, clientId) => pathOf`clients/${clientId}`,
  clientOf: auth0Client,
  ask: (http, { clientId }, value) => probeClient(http, clientId, value),
  replace: rotate,
});

/** Source: auth0/node-auth0, ClientsClient.rotateSecret: no body, and the client with its new secret. */
async function rotate(http: HttpClient, admin: Auth0Admin, clientId: string): Promise<Replaced> {
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

/** An access token for the Management API, for this one use. */
async function logIn(http: HttpClient, admin: Auth0Admin): Promise<Secret> {
  return (await http.send(auth0Login(admin))).json(Login).access_token;
}
