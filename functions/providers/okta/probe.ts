import type { Probe } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { basic } from '../request.ts';
import type { HttpClient } from '../http.ts';
import { asking } from '../verdicts.ts';
import type { Grant } from './schema.ts';
import { introspectionVerdicts, tokenVerdicts } from './verdicts.ts';

/** Not a token: what is asked about it is only whether Okta accepts the client who asks. */
const NO_TOKEN = 'keyturn-probe';

/**
 * Authenticates as the application. By default through introspection of a text that is no token: every kind
 * of application may ask, no access token is made, and the answer needs no scope, grant type or policy.
 * Okta's own `/oauth2/v1/token` is no way to ask: it refuses client secrets for client_credentials with
 * `invalid_client`, as it would a deleted secret. Sources: Okta API reference "/introspect"; Okta Support,
 * "Client Credentials requests to the Org Authorization Server must use the private_key_jwt
 * token_endpoint_auth_method".
 */
export function probeSecret(
  http: HttpClient,
  { scopes, tokenEndpoint }: Pick<Grant, 'scopes' | 'tokenEndpoint'>,
  clientId: string,
  value: Secret,
): Promise<Probe> {
  const as = {
    method: 'POST',
    headers: { authorization: basic(clientId, value) },
    repeatable: true,
  } as const;
  if (scopes === undefined) {
    const form = { token: NO_TOKEN, token_type_hint: 'access_token' };
    return asking({
      http,
      request: { ...as, path: '/oauth2/v1/introspect', body: { form } },
      verdicts: introspectionVerdicts(clientId),
    });
  }
  const form = { grant_type: 'client_credentials', scope: scopes.join(' ') };
  return asking({
    http,
    request: { ...as, path: tokenEndpoint, body: { form } },
    verdicts: tokenVerdicts(clientId),
  });
}
