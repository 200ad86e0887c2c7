import type { Probe } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { HttpClient } from '../http.ts';
import { pathOf, type HttpRequest } from '../request.ts';
import { asking, type Verdict } from '../verdicts.ts';
import { AuthenticationFailed, NoClient, NoToken, NotAllowed, WrongSecret } from './schema.ts';

/** No token of anybody: what is asked is only whether Keycloak accepts the client who asks about it. */
const NO_TOKEN = 'keyturn-probe';

const RUN = 'Keycloak 26.5.6, asked';

/** A realm, and the client whose secret is asked about. */
export interface Asked {
  readonly realm: string;
  readonly clientId: string;
}

/**
 * Asks as the client, with its secret alone: nothing is made or revoked, and the client needs no service
 * account. Introspection accepts no public client, and refuses a wrong secret in the words of every other
 * refusal. So the token endpoint is asked then, with a refresh token that is none: it tells a wrong secret
 * from a client that is disabled or gone.
 */
export async function probeClient(http: HttpClient, asked: Asked, value: Secret): Promise<Probe> {
  const probe = await asking({ http, request: introspection(asked, value), verdicts: accepted(asked) });
  if (probe.outcome !== 'inactive') return probe;
  return asking({ http, request: refresh(asked, value), verdicts: refused(asked) });
}

/** `inactive` stands for a refusal that does not say why. */
function accepted({ clientId }: Asked): readonly Verdict[] {
  const source = `${RUN}; keycloak/keycloak, TokenIntrospectionEndpoint.java`;
  return [
    { outcome: 'active', status: 200, body: NoToken.transform(() => ({})), source },
    { outcome: 'inactive', status: 401, body: AuthenticationFailed, source },
    {
      outcome: 'unknown',
      status: 403,
      body: NotAllowed.transform(() => `Keycloak takes any client secret for the public client ${clientId}.`),
      source,
    },
  ];
}

function refused({ realm, clientId }: Asked): readonly Verdict[] {
  const source = `${RUN}; keycloak/keycloak, ClientIdAndSecretAuthenticator.java`;
  return [
    { outcome: 'inactive', status: 401, body: WrongSecret, source },
    {
      outcome: 'unknown',
      status: 401,
      body: NoClient.transform(() => `The realm ${realm} has no client ${clientId}, or it is disabled.`),
      source,
    },
  ];
}

function introspection(asked: Asked, value: Secret): HttpRequest {
  return asClient(asked, value, pathOf`/realms/${asked.realm}/protocol/openid-connect/token/introspect`, {
    token: NO_TOKEN,
  });
}

function refresh(asked: Asked, value: Secret): HttpRequest {
  return asClient(asked, value, pathOf`/realms/${asked.realm}/protocol/openid-connect/token`, {
    grant_type: 'refresh_token',
    refresh_token: NO_TOKEN,
  });
}

function asClient(
  { clientId }: Asked,
  value: Secret,
  path: string,
  question: Readonly<Record<string, string>>,
): HttpRequest {
  return {
    method: 'POST',
    path,
    body: { form: { ...question, client_id: clientId, client_secret: value } },
    repeatable: true,
  };
}
