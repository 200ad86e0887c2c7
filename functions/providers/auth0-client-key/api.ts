import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { auth0Login, type Auth0Admin } from '../auth0-api.ts';
import { BearerToken } from '../declared/forms.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { HttpClient } from '../http.ts';
import { bearer, pathOf, type HttpRequest } from '../request.ts';
import { Client, Credential, Credentials, type Methods } from './schema.ts';

/** The calls that keys of one application need. Source: auth0/node-auth0, resources/clients. */
export interface KeysApi {
  credentials(): Promise<Credential[]>;
  client(): Promise<Client>;
  create(key: { readonly name: string; readonly pem: string; readonly kid: string }): Promise<Credential>;
  /** Undefined for an answer that does not show the application. It may end something: sent once. */
  setMethods(methods: Methods): Promise<Client | undefined>;
  /** Deletes a credential that is not bound. Sent once; the answer is looked at. */
  remove(id: string): Promise<HttpAnswer>;
}

/** The login is made at the first call, and kept for the session. */
export function keysApi(http: HttpClient, admin: Auth0Admin, clientId: string): KeysApi {
  const path = pathOf`/api/v2/clients/${clientId}`;
  let authorization: Secret | undefined;
  const send = async (request: HttpRequest): Promise<HttpAnswer> => {
    authorization ??= bearer((await http.send(auth0Login(admin))).json(BearerToken));
    return http.send({ ...request, headers: { authorization } });
  };
  const found = async (request: HttpRequest): Promise<HttpAnswer> => {
    const answer = await send({ ...request, accept: [404] });
    if (answer.status !== 404) return answer;
    throw new KeyturnError(
      'issuer-refused',
      `Auth0 knows no application ${clientId}: correct clientId in the grant.`,
    );
  };
  const ofThis = (client: Client | undefined): Client | undefined =>
    client?.client_id === clientId ? client : undefined;
  return {
    async credentials() {
      return (await found({ method: 'GET', path: `${path}/credentials` })).json(Credentials);
    },
    async client() {
      const answer = await found({ method: 'GET', path });
      const client = ofThis(answer.json(Client));
      if (client) return client;
      throw new KeyturnError('issuer-response-invalid', `${answer.about} about another application.`);
    },
    async create(key) {
      const json = { credential_type: 'public_key', alg: 'RS256', ...key };
      return (await send({ method: 'POST', path: `${path}/credentials`, body: { json } })).json(Credential);
    },
    async setMethods(methods) {
      const json = { client_authentication_methods: methods };
      return ofThis((await send({ method: 'PATCH', path, body: { json }, ends: true })).read(Client));
    },
    remove: (id) =>
      send({ method: 'DELETE', path: `${path}/credentials${pathOf`/${id}`}`, accept: [404], ends: true }),
  };
}
