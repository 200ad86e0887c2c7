/**
 * Okta's management API for the client secrets of an application: list, create, activate, deactivate,
 * delete.
 */
import type { Instant } from '../../../functions/core/basics/time.ts';
import {
  invalidSecret,
  isClientSecret,
  oktaError,
  shown,
  textField,
  type StoredSecret,
} from './okta-answers.ts';
import type { App, OktaApps } from './okta-apps.ts';

/** The API token that administrators of the simulated organization use. */
export const API_TOKEN = 'sandbox-okta-api-token';
/**
 * "You can create up to two Secret objects. An error is returned if you attempt to create more."
 * Source: Okta API reference, "Create an OAuth 2.0 client secret".
 */
const SLOTS = 2;

/** What the management API works on. */
interface Managing {
  readonly apps: OktaApps;
  /** Whether lists show a client secret by now, from its handle and when it was created. */
  readonly isListed: (handle: string, createdAt: Instant) => boolean;
}

/** Answers a request to the management API. */
export async function manageSecrets(request: Request, pathname: string, about: Managing): Promise<Response> {
  if (request.headers.get('authorization') !== `SSWS ${API_TOKEN}`)
    return oktaError(401, 'E0000011', 'Invalid token provided');
  const [, appId, secretId, action] =
    /^\/api\/v1\/apps\/(\w+)\/credentials\/secrets(?:\/(\w+)(?:\/lifecycle\/(\w+))?)?$/.exec(pathname) ?? [];
  const app = about.apps.find(appId ?? '');
  if (!app) return oktaError(404, 'E0000007', 'Not found: Resource not found');
  const kept = app.secrets.filter((secret) => !secret.deleted);
  if (secretId === undefined)
    return request.method === 'POST'
      ? create(app, kept, await request.text(), about)
      : list(app, kept, about);
  const secret = kept.find((candidate) => candidate.id === secretId);
  if (!secret) return oktaError(404, 'E0000007', 'Not found: Resource not found');
  if (request.method === 'DELETE') return remove(secret);
  return change(secret, kept, `${request.method} ${action}`, about);
}

function list(app: App, kept: readonly StoredSecret[], { apps, isListed }: Managing): Response {
  return Response.json(
    kept.filter((secret) => isListed(apps.handleOf(app, secret), secret.createdAt)).map(shown),
  );
}

/**
 * A client may bring its own value. Whether Okta would reject a doubled one is not documented, so it is
 * accepted.
 */
function create(app: App, kept: readonly StoredSecret[], body: string, { apps }: Managing): Response {
  // The words of this one are not documented.
  if (kept.length >= SLOTS) return invalidSecret('The application has two client secrets.');
  const wanted: unknown = JSON.parse(body || '{}');
  const value = textField(wanted, 'client_secret');
  if (value !== undefined && !isClientSecret(value))
    return oktaError(400, 'E0000001', 'Api validation failed: client_secret', [
      'client_secret: 14 to 100 printable ASCII characters',
    ]);
  const secret = apps.add(app, value);
  if (textField(wanted, 'status') === 'INACTIVE') apps.setStatus(secret, 'INACTIVE');
  return Response.json(shown(secret), { status: 201 });
}

/**
 * "You can't deactivate a secret if it's the only secret of the client"; Okta's own test for its Java SDK
 * (ApplicationSSOPublicKeysIT) expects the same of the only active one.
 */
function change(
  secret: StoredSecret,
  kept: readonly StoredSecret[],
  action: string,
  { apps }: Managing,
): Response {
  if (action !== 'POST activate' && action !== 'POST deactivate')
    return oktaError(405, 'E0000022', 'The endpoint does not support the provided HTTP method');
  const others = kept.filter((other) => other !== secret && other.status === 'ACTIVE');
  if (action === 'POST deactivate' && others.length === 0)
    return invalidSecret("You can't deactivate the only active client secret.");
  apps.setStatus(secret, action === 'POST activate' ? 'ACTIVE' : 'INACTIVE');
  return Response.json(shown(secret));
}

/** "You can only delete an inactive Secret." */
function remove(secret: StoredSecret): Response {
  if (secret.status === 'ACTIVE')
    return invalidSecret(
      "You can't delete an active client secret. Deactivate the secret before deleting it.",
    );
  secret.deleted = true;
  return new Response(null, { status: 204 });
}
