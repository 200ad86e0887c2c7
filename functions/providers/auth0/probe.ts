import type { Probe } from '../../core/issuer/provider.ts';
import { Secret } from '../../core/basics/secret.ts';
import { AccessDenied, CLIENT_ACCEPTED, NO_REFRESH_TOKEN } from '../auth0-api.ts';
import type { HttpClient } from '../http.ts';
import type { HttpRequest } from '../request.ts';
import { asking, type Verdict } from '../verdicts.ts';

/** No application has this client secret. */
const NO_SECRET = new Secret('keyturn-is-no-client-secret');

/** Each is in Auth0's own words. A network that an access control list shuts out is in none of them. */
const VERDICTS: readonly Verdict[] = [
  {
    outcome: 'inactive',
    status: 401,
    body: AccessDenied,
    source:
      'auth0/laravel-auth0, issue 42: "either client id or secret are wrong"; auth0/node-auth0, issue 134',
  },
  ...CLIENT_ACCEPTED,
];

/**
 * Authenticates as the application, with a refresh token that is none: nothing is made, revoked or billed,
 * and it needs no scope, audience or grant type. Which client asks is looked at before what it asks (RFC 6749
 * §3.2.1), so that an answer about the refresh token, or the grant type, accepts the client. An application
 * without client authentication gets that answer with any secret: so it counts where the same question with a
 * secret that nobody has is refused.
 */
export async function probeClient(http: HttpClient, clientId: string, value: Secret): Promise<Probe> {
  const probe = await asking({ http, request: asClient(clientId, value), verdicts: VERDICTS });
  if (probe.outcome !== 'active') return probe;
  const counter = await asking({ http, request: asClient(clientId, NO_SECRET), verdicts: VERDICTS });
  if (counter.outcome === 'inactive') return { outcome: 'active' };
  return counter.outcome === 'unknown'
    ? counter
    : { outcome: 'unknown', reason: `Auth0 takes any client secret for the application ${clientId}.` };
}

function asClient(clientId: string, clientSecret: Secret): HttpRequest {
  return {
    method: 'POST',
    path: '/oauth/token',
    body: {
      form: {
        grant_type: 'refresh_token',
        client_id: clientId,
        client_secret: clientSecret,
        refresh_token: NO_REFRESH_TOKEN,
      },
    },
    repeatable: true,
  };
}
