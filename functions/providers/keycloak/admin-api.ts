import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Replaced } from '../../core/issuer/provider.ts';
import { BearerToken, asBearer } from '../declared/forms.ts';
import type { HttpClient } from '../http.ts';
import { pathOf } from '../request.ts';
import { Listed, Renewed, type Admin } from './schema.ts';

type Client = Listed[number];

/**
 * Makes the next client secret, which ends the one before at once. The client is looked up by its Client ID
 * first, so that no other one's secret can end, and none is made where nobody would ask for it.
 * Source: keycloak/keycloak, ClientResource.java, regenerateSecret.
 */
export async function renew(http: HttpClient, admin: Admin, clientId: string): Promise<Replaced> {
  const headers = asBearer(await logIn(http, admin));
  const { id } = await clientOf(http, admin, clientId, headers);
  const answer = await http.send({
    method: 'POST',
    path: pathOf`/admin/realms/${admin.realm}/clients/${id}/client-secret`,
    headers,
    ends: true,
    repeatable: false,
  });
  const { value } = answer.json(Renewed);
  return { value, fields: { client_id: clientId } };
}

/** An access token for the Admin API, for this one use. */
async function logIn(http: HttpClient, { realm, clientId, clientSecret }: Admin): Promise<Secret> {
  const answer = await http.send({
    method: 'POST',
    path: pathOf`/realms/${realm}/protocol/openid-connect/token`,
    body: {
      form: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
    },
    repeatable: true,
  });
  return answer.json(BearerToken);
}

/** Source: keycloak/keycloak, ClientsResource.java: `clientId` fits one client, by its whole Client ID. */
async function clientOf(
  http: HttpClient,
  { realm }: Admin,
  clientId: string,
  headers: ReturnType<typeof asBearer>,
): Promise<Client> {
  const answer = await http.send({
    method: 'GET',
    path: pathOf`/admin/realms/${realm}/clients`,
    query: { clientId },
    headers,
  });
  const [client, ...others] = answer.json(Listed).filter((one) => one.clientId === clientId);
  if (client === undefined || others.length > 0)
    throw new KeyturnError(
      'not-granted',
      `The realm ${realm} shows Keyturn no client ${clientId}: name it by its Client ID, and let Keyturn's ` +
        'own client view it.',
    );
  const fault = faultOf(client);
  if (fault !== undefined)
    throw new KeyturnError('not-granted', `The client ${clientId} of the realm ${realm} ${fault}.`);
  return client;
}

/** What keeps a client from having a client secret that anybody asks for. */
function faultOf({ publicClient, bearerOnly, clientAuthenticatorType: type }: Client): string | undefined {
  if (publicClient) return 'is public: switch Client authentication on';
  if (bearerOnly) return 'is bearer-only: nothing asks for its client secret';
  return type === 'client-secret'
    ? undefined
    : 'has another Client Authenticator than Client Id and Secret: choose that one';
}
