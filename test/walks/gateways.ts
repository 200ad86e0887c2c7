import type { GATEWAYS } from './moves.ts';
import type { Town } from './town.ts';

/**
 * What stands before an issuer and answers in its place: a page with 200 or 401, nothing at all, or the
 * issuer's own no to the admin credential alone.
 */
export function gatewayOf(
  town: Town,
  how: (typeof GATEWAYS)[number] | 'scopes',
): (request: Request) => Response | undefined {
  switch (how) {
    case 'page-200':
      return () =>
        new Response('<html>Sign in</html>', { status: 200, headers: { 'content-type': 'text/html' } });
    case 'page-401':
      return () =>
        new Response('<html>Who are you?</html>', { status: 401, headers: { 'content-type': 'text/html' } });
    case 'unavailable':
      return () => new Response('unavailable', { status: 503 });
    case 'admin-refused':
      return (request) => (isByAdmin(town, request) ? refusalOf(town.setup.provider) : undefined);
    case 'scopes':
      return (request) => (isByScoped(town, request) ? insufficientScope() : undefined);
  }
}

function headersOf(request: Request): string {
  return `${request.headers.get('private-token') ?? ''} ${request.headers.get('authorization') ?? ''}`;
}

function isByAdmin(town: Town, request: Request): boolean {
  const headers = headersOf(request);
  switch (town.setup.provider) {
    case 'gitlab': {
      const { token } = JSON.parse(town.issuer.adminSecret([])) as { token: string };
      return headers.includes(token);
    }
    case 'okta':
      return headers.includes('SSWS ');
    default:
      return headers.includes('Basic ');
  }
}

/**
 * The issuer's own words. Sources: GitLab, lib/api/helpers.rb, `render_api_error!`; Okta API reference, error
 * code E0000011; Verdaccio's answer to a wrong password.
 */
function refusalOf(provider: string): Response {
  if (provider === 'gitlab') return Response.json({ message: '401 Unauthorized' }, { status: 401 });
  if (provider === 'okta')
    return Response.json({ errorCode: 'E0000011', errorSummary: 'Invalid token provided' }, { status: 401 });
  return Response.json({ error: 'bad username/password, access denied' }, { status: 401 });
}

function isByScoped(town: Town, request: Request): boolean {
  const headers = headersOf(request);
  const ended = new Set(town.watch.kills.map(({ credential }) => credential.value));
  return [...town.scoped].some((value) => headers.includes(value) && !ended.has(value));
}

/** Source: GitLab, lib/api/api_guard.rb. */
function insufficientScope(): Response {
  return Response.json(
    {
      error: 'insufficient_scope',
      error_description: 'The request requires higher privileges than provided by the access token.',
      scope: 'api',
    },
    { status: 403 },
  );
}
