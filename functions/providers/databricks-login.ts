import * as z from 'zod';
import type { Secret } from '../core/basics/secret.ts';
import { asUser } from './declared/forms.ts';
import type { HttpRequest } from './request.ts';

export const DATABRICKS_TOKEN_PATH = '/oidc/v1/token';
export const DATABRICKS_OAUTH = 'docs.databricks.com, "Authorize service principal access with OAuth"';

/** Client credentials; the secret of the service principal is the password. */
export const ALL_APIS = {
  form: { grant_type: 'client_credentials', scope: 'all-apis' },
} satisfies HttpRequest['body'];

/** The login of a service principal, by its application id. */
export function databricksLogin(applicationId: string, secret: Secret): HttpRequest {
  return {
    method: 'POST',
    path: DATABRICKS_TOKEN_PATH,
    headers: asUser(applicationId, secret),
    body: ALL_APIS,
    repeatable: true,
  };
}

/** Source: databricks/databricks-sql-nodejs, issue 279, where a permission was missing. */
export const LoginRefused = z.object({
  error: z.literal('invalid_client'),
  error_description: z.literal('Client authentication failed'),
});

/** Which service principal logs in. */
export const ApplicationId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be the application id of a service principal');
