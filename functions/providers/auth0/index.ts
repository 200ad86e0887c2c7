import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Provider, ProviderTools, Replaced, ReplacingSession } from '../../core/issuer/provider.ts';
import { epochDialect } from '../dialect.ts';
import { grantFor } from '../grant-of.ts';
import { readAdmin } from '../grants.ts';
import { httpClient, type HttpClient } from '../http.ts';
import { accountOf, inPlaces, noneMadeAt, placeAt, type Place } from '../places.ts';
import { bearer, pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { probeClient } from './probe.ts';
import { Admin, Grant, Login, Rotated, type Application } from './schema.ts';

const GRANTS = {
  provider: descriptor.id,
  schema: Grant,
  alone: { field: 'clientId', kind: 'application' },
};

/** Client secrets of Auth0's applications, each of which has one: a new one ends the one before. */
export const auth0: Provider = {
  descriptor,
  examine(admin, tools) {
    const { url, clientId, clientSecret } = readAdmin(descriptor.id, admin, Admin);
    return probeClient(clientOf(url, tools), clientId, clientSecret);
  },
  adminValues: (admin) => [readAdmin(descriptor.id, admin, Admin).clientSecret],
  ...inPlaces((text, secretName) => {
    const admin = readAdmin(descriptor.id, text, Admin);
    const grant = grantFor(GRANTS, admin.grants, secretName);
    requireAnother(admin, grant);
    const at = ({ clientId }: Application, isFormer: boolean): Place => {
      const reach = placeAt(admin.url, pathOf`clients/${clientId}`, clientId);
      return {
        reach,
        beside: [{ client_id: clientId }],
        open: (tools) => sessionAt({ admin, clientId, reach, isFormer }, tools),
      };
    };
    return [at(grant, false), ...(grant.formerly ?? []).map((one) => at(one, true))];
  }),
};

/** With its own secret gone, Keyturn could not reach Auth0 any more. Error: `admin-invalid`. */
function requireAnother({ clientId }: Admin, grant: Grant): void {
  if (grant.clientId === clientId)
    throw new KeyturnError(
      'admin-invalid',
      `The admin secret of ${descriptor.id} grants ${grant.secret} the application whose own client secret ` +
        'it holds: name another application.',
    );
}

interface Bound {
  readonly admin: Admin;
  readonly clientId: string;
  readonly reach: Place['reach'];
  readonly isFormer: boolean;
}

function sessionAt({ admin, clientId, reach, isFormer }: Bound, tools: ProviderTools): ReplacingSession {
  const http = clientOf(admin.url, tools);
  const account = accountOf(reach);
  return {
    kind: 'replacing',
    account,
    reach,
    probe: (value) => probeClient(http, clientId, value),
    async replace(permit) {
      permit.requireFor(account);
      return isFormer ? noneMadeAt(account)() : rotate(http, admin, clientId);
    },
  };
}

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

/** Source: auth0.com/docs, "Rate Limit Policy": x-ratelimit-reset is a time in seconds since 1970. */
function clientOf(origin: string, tools: ProviderTools): HttpClient {
  return httpClient({ origin, tools, dialect: epochDialect('x-ratelimit-reset') });
}
