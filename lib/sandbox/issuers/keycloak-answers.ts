// The requests that the simulator of Keycloak takes, and its answers. Source: Keycloak 26.5.6, asked.
import * as z from 'zod';

/** The client that Keyturn works with. */
export const ADMIN = { clientId: 'keyturn', clientSecret: 'admin-client-secret-of-keyturn' } as const;

export const REALM = 'staff';
export const TOKEN = `/realms/${REALM}/protocol/openid-connect/token`;
export const CLIENTS = `/admin/realms/${REALM}/clients`;

const INVALID = 'Invalid client or Invalid client credentials';

/** What every endpoint for clients reads first. */
export const FromClient = z.object({ client_id: z.string(), client_secret: z.string().optional() });
export const Introspect = z.object({ token: z.string() });
export const Grant = z.object({ grant_type: z.string(), refresh_token: z.string().optional() });

/** How far a client came who says who it is. */
export type Caller = 'no-client' | 'wrong-secret' | { readonly id: string };

export function oauthFault(status: number, error: string, description: string): Response {
  return Response.json({ error, error_description: description }, { status });
}

/** The Admin API says no more than this. */
export function fault(status: number, error: string): Response {
  return Response.json({ error }, { status });
}

/** What stands at a path of no realm. */
export function nowhere(path: string): Response {
  return fault(404, path.startsWith('/admin/') ? 'Realm not found.' : 'Realm does not exist');
}

/** What introspection answers about a text that is no token of the realm. */
export function introspected(caller: Caller, body: unknown): Response {
  if (typeof caller === 'string') return oauthFault(401, 'invalid_request', 'Authentication failed.');
  return Introspect.safeParse(body).success
    ? Response.json({ active: false })
    : oauthFault(400, 'invalid_request', 'Token not provided.');
}

/** What the token endpoint answers; `token` makes an access token for the client. */
export function granted(caller: Caller, body: unknown, token: (id: string) => string): Response {
  const { grant_type: type, refresh_token: refresh } = Grant.safeParse(body).data ?? {};
  if (type === undefined) return oauthFault(400, 'invalid_request', 'Missing form parameter: grant_type');
  if (!['client_credentials', 'refresh_token'].includes(type))
    return oauthFault(400, 'unsupported_grant_type', 'Unsupported grant_type');
  if (caller === 'no-client') return oauthFault(401, 'invalid_client', INVALID);
  if (caller === 'wrong-secret') return oauthFault(401, 'unauthorized_client', INVALID);
  if (type === 'client_credentials')
    return Response.json({
      access_token: token(caller.id),
      expires_in: 300,
      refresh_expires_in: 0,
      token_type: 'Bearer',
      'not-before-policy': 0,
      scope: 'email profile',
    });
  return refresh === undefined
    ? oauthFault(400, 'invalid_request', 'No refresh token')
    : oauthFault(400, 'invalid_grant', 'Invalid refresh token');
}

/** A client as the Admin API lists it. */
export function listed(id: string, clientId: string, secret: string): object {
  return {
    id,
    clientId,
    enabled: true,
    clientAuthenticatorType: 'client-secret',
    secret,
    bearerOnly: false,
    serviceAccountsEnabled: true,
    publicClient: false,
    protocol: 'openid-connect',
  };
}

/** The id of a client, which its Client ID does not tell. */
export function uuidOf(clientId: string): string {
  return `5f0c3a9e-7d41-4b62-8f1d-${Buffer.from(clientId).toString('hex').slice(-12).padStart(12, '0')}`;
}
