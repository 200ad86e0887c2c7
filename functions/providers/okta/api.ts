import { KeyturnError } from '../../core/basics/errors.ts';
import { Secret } from '../../core/basics/secret.ts';
import { pathOf, type HttpRequest } from '../request.ts';
import type { HttpClient } from '../http.ts';
import { ClientSecret, ClientSecrets, RevealedSecrets } from './schema.ts';

/** Which secret of the application a value is, and how many slots are taken. */
export interface Look {
  readonly found: ClientSecret | undefined;
  readonly taken: number;
}

/**
 * The calls that one application needs. Source: Okta API reference, "Application Client Auth Credentials".
 */
export interface SecretsApi {
  list(): Promise<ClientSecret[]>;
  /** Compares with the live values that Okta's list shows to administrators; they go no further. */
  look(value: Secret): Promise<Look>;
  /**
   * Undefined when Okta answers 400, as it does to a third secret, or something that is no client secret:
   * then only the list tells.
   */
  create(value: Secret): Promise<ClientSecret | undefined>;
  activate(id: string): Promise<ClientSecret>;
  /** False when Okta knows no such secret or left it active. */
  deactivate(id: string): Promise<boolean>;
  /** Sent once. Undefined when Okta answers something else than a client secret. */
  change(id: string, to: 'activate' | 'deactivate'): Promise<ClientSecret | undefined>;
  /**
   * Only for an inactive one. False when Okta says that there is no such secret, or anything but that it is
   * deleted.
   */
  remove(id: string): Promise<boolean>;
}

/** The list of an application's client secrets, live values included. */
export function listRequest(
  token: Secret,
  app: string,
): HttpRequest & { readonly headers: { readonly authorization: Secret } } {
  return {
    method: 'GET',
    path: pathOf`/api/v1/apps/${app}/credentials/secrets`,
    headers: { authorization: new Secret(`SSWS ${token.reveal()}`) },
  };
}

export function secretsApi(http: HttpClient, token: Secret, app: string): SecretsApi {
  const { path, headers } = listRequest(token, app);
  const pathTo = (id: string): string => path + pathOf`/${id}`;
  const fetchList = () => http.send({ ...listRequest(token, app), accept: [404] });

  return {
    async list() {
      const answer = await fetchList();
      if (answer.status === 404) throw unknownApp(app);
      return answer.json(ClientSecrets);
    },
    async look(value) {
      const answer = await fetchList();
      if (answer.status === 404) throw unknownApp(app);
      const listed = answer.json(RevealedSecrets);
      const match = listed.find((secret) => secret.client_secret?.equals(value));
      return {
        found: match && { id: match.id, status: match.status, created: match.created },
        taken: listed.length,
      };
    },
    async create(value) {
      // Not repeated by itself: after a lost answer the next call finds the value in the list.
      const body = { json: { client_secret: value.reveal(), status: 'ACTIVE' } };
      const answer = await http.send({ method: 'POST', path, headers, body, accept: [400] });
      return answer.status === 400 ? undefined : answer.read(ClientSecret);
    },
    async activate(id) {
      const answer = await http.send({
        method: 'POST',
        path: `${pathTo(id)}/lifecycle/activate`,
        headers,
        repeatable: true,
      });
      return answer.json(ClientSecret);
    },
    async deactivate(id) {
      const answer = await http.send({
        method: 'POST',
        path: `${pathTo(id)}/lifecycle/deactivate`,
        headers,
        accept: [404],
        ends: true,
      });
      return answer.status !== 404 && answer.json(ClientSecret).status === 'INACTIVE';
    },
    async change(id, to) {
      const answer = await http.send({
        method: 'POST',
        path: `${pathTo(id)}/lifecycle/${to}`,
        headers,
        ends: true,
      });
      return answer.read(ClientSecret);
    },
    async remove(id) {
      const answer = await http.send({
        method: 'DELETE',
        path: pathTo(id),
        headers,
        accept: [404],
        ends: true,
      });
      return answer.status === 204;
    },
  };
}

function unknownApp(app: string): KeyturnError {
  return new KeyturnError(
    'issuer-refused',
    `Okta knows no application ${app}: correct app in the grant, or let the API token see it.`,
  );
}
