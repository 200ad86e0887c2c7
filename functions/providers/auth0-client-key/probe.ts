import * as z from 'zod';
import type { Beside, Probe } from '../../core/issuer/provider.ts';
import { Secret } from '../../core/basics/secret.ts';
import type { Instant } from '../../core/basics/time.ts';
import { AccessDenied, CLIENT_ACCEPTED, NO_REFRESH_TOKEN } from '../auth0-api.ts';
import { BearerToken } from '../declared/forms.ts';
import type { HttpClient } from '../http.ts';
import type { HttpRequest } from '../request.ts';
import { assertionFields, thumbprintOf } from '../signing-key.ts';
import { asking, probing, verdictOn, type Verdict } from '../verdicts.ts';

/** Signs nothing. */
const NO_KEY = new Secret('keyturn-is-no-private-key');

/** An error of OAuth, whatever its words (RFC 6749 §5.2). */
const Refused = z.object({ error: z.string(), error_description: z.string().optional() });

/** Who is asked about, where. */
export interface Asked {
  readonly url: string;
  readonly clientId: string;
  readonly now: Instant;
  readonly uuid: () => string;
}

/**
 * Authenticates as the application, with a refresh token that is none: nothing is made, revoked or billed.
 * Which client asks is looked at before what it asks (RFC 6749 §3.2.1), so that an answer about the refresh
 * token, or the grant type, accepts the client. An application without client authentication gets that answer
 * with any key: so it counts where the same question without a signature is refused.
 */
export async function probeKey(
  http: HttpClient,
  asked: Asked,
  value: Secret,
  { kid = thumbprintOf(value) }: Beside,
): Promise<Probe> {
  const probe = await asking({ http, request: asClient(asked, value, kid), verdicts: CLIENT_ACCEPTED });
  if (probe.outcome !== 'active') return probe;
  return probing(async () => {
    const answer = await http.send({ ...asClient(asked, NO_KEY, kid), accept: 'any' });
    const isRefused =
      [400, 401, 403].includes(answer.status) &&
      answer.read(Refused) !== undefined &&
      verdictOn(answer, CLIENT_ACCEPTED).outcome !== 'active';
    return isRefused
      ? { outcome: 'active' }
      : {
          outcome: 'unknown',
          reason: `Auth0 does not refuse the application ${asked.clientId} without a signature.`,
        };
  });
}

/** The audience is the tenant with a slash. Source: auth0.com/docs, "Authenticate with Private Key JWT". */
function asClient({ url, clientId, now, uuid }: Asked, value: Secret, kid: string | undefined): HttpRequest {
  return {
    method: 'POST',
    path: '/oauth/token',
    body: {
      form: {
        grant_type: 'refresh_token',
        client_id: clientId,
        refresh_token: NO_REFRESH_TOKEN,
        ...assertionFields(value, { clientId, audience: `${url}/`, kid, now, id: uuid() }),
      },
    },
    // Each JWT is good for one use, so that a second sending would be refused.
    repeatable: false,
  };
}

/** What the login of Keyturn's own application says of its client secret. */
export const ADMIN_VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: BearerToken.transform(() => ({})),
    source: 'auth0/docs, articles/api/authentication, "Client Credentials Flow"',
  },
  {
    outcome: 'inactive',
    status: 401,
    body: AccessDenied,
    source: 'auth0/laravel-auth0, issue 42; auth0/node-auth0, issue 134',
  },
];
