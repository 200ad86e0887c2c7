import { createHash } from 'node:crypto';
import type { Instant } from '../../../functions/core/basics/time.ts';

export interface StoredSecret {
  readonly id: string;
  readonly value: string;
  readonly createdAt: Instant;
  updatedAt: Instant;
  status: 'ACTIVE' | 'INACTIVE';
  deleted: boolean;
}

/** The one scope of the simulated custom authorization server. */
export const SCOPE = 'keyturn.use';

/** What the authorization servers answer to a client whose secret was accepted. */
export function answerTo(pathname: string, form: URLSearchParams, accessToken: string): Response {
  if (pathname === '/oauth2/v1/introspect')
    return form.has('token')
      ? Response.json({ active: false })
      : oauthError(400, 'invalid_request', 'The token parameter is missing.');
  // Source: Okta Support, article on this very sentence.
  if (pathname === '/oauth2/v1/token')
    return oauthError(
      401,
      'invalid_client',
      'Client Credentials requests to the Org Authorization Server must use the private_key_jwt ' +
        'token_endpoint_auth_method.',
    );
  if (pathname !== '/oauth2/default/v1/token')
    return oktaError(404, 'E0000022', 'The endpoint does not support the provided HTTP method');
  if (form.get('grant_type') !== 'client_credentials')
    return oauthError(400, 'unsupported_grant_type', 'The authorization grant type is not supported.');
  const scope = form.get('scope');
  if (scope !== SCOPE)
    return oauthError(
      400,
      'invalid_scope',
      'One or more scopes are not configured for the authorization server resource.',
    );
  return Response.json({ token_type: 'Bearer', expires_in: 3600, access_token: accessToken, scope });
}

/** As lists show it to administrators: with its live value. */
export function shown(secret: StoredSecret): Record<string, string> {
  const { id, status, value } = secret;
  const dates = {
    created: new Date(secret.createdAt).toISOString(),
    lastUpdated: new Date(secret.updatedAt).toISOString(),
  };
  return { id, status, client_secret: value, secret_hash: digest(value).slice(0, 22), ...dates };
}

/**
 * Source: okta/okta-management-openapi-spec, the schema `Error`; the codes: Okta developer docs, "Error
 * codes".
 */
export function oktaError(
  status: number,
  errorCode: string,
  errorSummary: string,
  causes: readonly string[] = [],
): Response {
  return Response.json(
    {
      errorCode,
      errorSummary,
      errorLink: errorCode,
      errorId: 'oae-sandbox',
      errorCauses: causes.map((cause) => ({ errorSummary: cause })),
    },
    { status },
  );
}

/**
 * A change that the secrets of an application do not allow. Source: the same, the examples
 * `ErrorDeleteActiveClientSecret` and `ErrorDeactivateTheOnlyClientSecret`.
 */
export function invalidSecret(cause: string): Response {
  return oktaError(400, 'E0000001', 'Api validation failed: OAuth2ClientSecretMediated', [cause]);
}

/**
 * A value that a client brings: 14 to 100 printable ASCII characters. Source:
 * okta/okta-management-openapi-spec, the application's `client_secret`.
 */
export function isClientSecret(value: string): boolean {
  return /^[\x20-\x7e]{14,100}$/.test(value);
}

/**
 * What a server says to a client that it does not know. Sources: the endpoints of OAuth answer in the form of
 * OAuth (okta/okta-management-openapi-spec, oauth-minimal.yaml); recorded answers of custom servers have
 * Okta's own form (Okta Support, "Invalid_Client Error Returned When Requesting OAuth Token(s)").
 */
export function unknownClient(pathname: string): Response {
  const sentence = "Invalid value for 'client_id' parameter.";
  return pathname.startsWith('/oauth2/v1/')
    ? oauthError(401, 'invalid_client', sentence)
    : oktaError(401, 'invalid_client', sentence);
}

export function oauthError(status: number, error: string, description: string): Response {
  return Response.json({ error, error_description: description }, { status });
}

export function textField(json: unknown, field: string): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const value: unknown = Object.entries(json).find(([name]) => name === field)?.[1];
  return typeof value === 'string' ? value : undefined;
}

/** 64 letters and digits, the same for the same text. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
