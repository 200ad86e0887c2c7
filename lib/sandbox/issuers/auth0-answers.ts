// The requests that the simulator of Auth0 takes, and its answers.
import * as z from 'zod';

/** The application that Keyturn works with. */
export const ADMIN = { clientId: 'keyturnAdmin', clientSecret: 'admin-client-secret-of-keyturn' } as const;

export const TokenRequest = z.strictObject({
  grant_type: z.literal('client_credentials'),
  client_id: z.string(),
  client_secret: z.string(),
  audience: z.string(),
});
export const RefreshRequest = z.strictObject({
  grant_type: z.literal('refresh_token'),
  client_id: z.string(),
  client_secret: z.string(),
  refresh_token: z.string(),
});

/** The client with its new secret, as the Management API shows it. */
export function rotatedClient(id: string, clientSecret: string): Response {
  return Response.json({
    tenant: 'keyturn',
    client_id: id,
    name: id,
    global: false,
    client_secret: clientSecret,
    app_type: 'non_interactive',
    is_first_party: true,
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
  });
}

export function fault(status: number, error: string, message: string, errorCode?: string): Response {
  return Response.json({ statusCode: status, error, message, ...(errorCode && { errorCode }) }, { status });
}

export function denied(): Response {
  return oauthFault(401, 'access_denied', 'Unauthorized');
}

export function oauthFault(status: number, error: string, description: string): Response {
  return Response.json({ error, error_description: description }, { status });
}

/** Nobody has a refresh token here, and Keyturn's own application has no such grant. */
export function noRefreshToken(id: string): Response {
  return id === ADMIN.clientId
    ? oauthFault(403, 'unauthorized_client', "Grant type 'refresh_token' not allowed for the client.")
    : oauthFault(403, 'invalid_grant', 'Unknown or invalid refresh token.');
}
