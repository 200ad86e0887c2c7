import { sessionFor, userOf } from './logins.ts';
import type { Call } from './minting-rules.ts';

/**
 * The login of a service principal, by its application id and a secret. `isOwn`: whether that id has such a
 * secret. Source: docs.databricks.com, OAuth for service principals.
 */
export function login({ headers }: Call, isOwn: (applicationId: string) => boolean): Response {
  const { user = '', password = '' } = userOf(headers) ?? {};
  if (!isOwn(user))
    return Response.json(
      { error: 'invalid_client', error_description: 'Client authentication failed' },
      { status: 401 },
    );
  return Response.json({
    access_token: sessionFor(user, password),
    token_type: 'Bearer',
    expires_in: 3_600,
    scope: 'all-apis',
  });
}

export function failed(status: number, code: string | number, message: string): Response {
  return Response.json({ error_code: code, message }, { status });
}
