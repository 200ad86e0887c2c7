import * as z from 'zod';
import { sessionFor } from './logins.ts';
import type { Call } from './minting-rules.ts';

export const TENANT = '01234567-89ab-4cde-8f01-23456789abcd';
/** The application of the admin. */
export const ADMIN = 'aaaaaaaa-0000-4000-8000-000000000001';

const Login = z.object({
  grant_type: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
  scope: z.string(),
});

/** The host of the token endpoint. */
export function loginsAt(host: string): string {
  return host.replace(/^graph\./, 'login.');
}

/**
 * A token for a client and its secret. Source: learn.microsoft.com, "OAuth 2.0 client credentials flow",
 * "Microsoft Entra authentication and authorization error codes"; the sentences: answers that users report.
 */
export function login({ body, path, host, now, store }: Call): Response {
  const asked = Login.safeParse(body).data;
  if (!asked) return refused(400, 'invalid_request', 900144, 'The request body must contain the parameter.');
  const { grant_type: grant, client_id: client, client_secret: secret, scope } = asked;
  if (path !== `/${TENANT}/oauth2/v2.0/token`)
    return refused(400, 'invalid_request', 90002, 'Tenant not found. Check to make sure you have it right.');
  if (grant !== 'client_credentials')
    return refused(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
  if (client !== ADMIN && !store.has(`applications/${client}`))
    return refused(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${client}' was not found in the directory 'Acme'.`,
    );
  const caller = store.caller(secret);
  const isOwn =
    caller.kind === 'admin'
      ? client === ADMIN
      : caller.kind === 'credential' && caller.credential.account === `applications/${client}`;
  const ended = store.of(`applications/${client}`).find((one) => one.value === secret);
  if (!isOwn && ended && now >= (ended.expiresAt ?? Infinity))
    return refused(
      401,
      'invalid_client',
      7000222,
      `The provided client secret keys for app '${client}' are expired. Visit the Azure portal to create ` +
        'new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials ' +
        'for added security: https://aka.ms/certCreds.',
    );
  if (!isOwn)
    return refused(
      401,
      'invalid_client',
      7000215,
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret ' +
        `value, not the client secret ID, for a secret added to app '${client}'.`,
    );
  if (scope !== `https://${host.replace(/^login\./, 'graph.')}/.default`)
    return refused(400, 'invalid_scope', 70011, "The provided value for scope isn't valid.");
  return Response.json({
    token_type: 'Bearer',
    expires_in: 3_599,
    ext_expires_in: 3_599,
    access_token: sessionFor(client, secret),
  });
}

function refused(status: number, error: string, code: number, sentence: string): Response {
  const id = '00000000-0000-4000-8000-000000000000';
  const at = '2026-03-02 10:17:30Z';
  return Response.json(
    {
      error,
      error_description: `AADSTS${code}: ${sentence} Trace ID: ${id} Correlation ID: ${id} Timestamp: ${at}`,
      error_codes: [code],
      timestamp: at,
      trace_id: id,
      correlation_id: id,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
    { status },
  );
}
