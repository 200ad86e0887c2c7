import type { Probe } from '../../core/provider.ts';
import type { Secret } from '../../core/secret.ts';
import { basic, probing, type HttpAnswer, type HttpClient, type HttpRequest } from '../http.ts';
import { Introspection, OAuthError, TokenAnswer, type Grant } from './schema.ts';

/** Not a token: what is asked about it is only whether Okta accepts the client who asks. */
const NO_TOKEN = 'keyturn-probe';

/**
 * Authenticates as the application. By default through introspection of a text that is no token: every kind of
 * application may ask, no access token is made, and the answer needs no scope, grant type or policy.
 * Okta's own `/oauth2/v1/token` is no way to ask: it refuses client secrets for client_credentials with `invalid_client`,
 * as it would a dead secret. Sources: Okta API reference "/introspect"; Okta Support, "Client Credentials requests
 * to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method".
 */
export function probeSecret(http: HttpClient, grant: Grant, value: Secret): Promise<Probe> {
  return probing(async () => {
    const authorization = basic(grant.clientId ?? grant.app, value);
    const answer = await http.send({ ...questionOf(grant), method: 'POST', headers: { authorization }, accept: [400, 401], repeatable: true });
    if (answer.status >= 400) return refusalOf(answer, grant);
    if (grant.scopes === undefined) {
      answer.json(Introspection);
      return { outcome: 'alive' };
    }
    const { scope } = answer.json(TokenAnswer);
    return { outcome: 'alive', ...(scope !== undefined && { scopes: scope.split(' ') }) };
  });
}

function questionOf(grant: Grant): Pick<HttpRequest, 'path' | 'body'> {
  if (grant.scopes === undefined) return { path: '/oauth2/v1/introspect', body: { form: { token: NO_TOKEN, token_type_hint: 'access_token' } } };
  return { path: grant.tokenEndpoint, body: { form: { grant_type: 'client_credentials', scope: grant.scopes.join(' ') } } };
}

/**
 * Only the OAuth error `invalid_client` says that the secret was refused. An unknown client id comes as Okta's own `errorCode`
 * (Okta Support, "Invalid_Client Error Returned When Requesting OAuth Token(s)"). Other OAuth errors, such as `invalid_scope`,
 * prove nothing either way: Okta does not document whether it looks at the secret before or after.
 */
function refusalOf(answer: HttpAnswer, grant: Grant): Probe {
  const body = answer.json(OAuthError);
  if ('errorCode' in body) return { outcome: 'unknown', reason: `Okta does not know the client ${grant.clientId ?? grant.app}: correct app or clientId in the grant.` };
  if (body.error === 'invalid_client' && answer.status === 401) return { outcome: 'refused' };
  const [code] = /^[a-z_]{1,40}$/.exec(body.error) ?? ['an undocumented error'];
  return { outcome: 'unknown', reason: `Okta answered ${code} to the probe: correct scopes or tokenEndpoint in the grant.` };
}
