import type { GATEWAYS } from './moves.ts';

/** Whose requests an issuer tells apart, by what they carry. */
export interface Callers {
  readonly provider: string;
  /** The admin credential as it stands now, where the admin secret has one for all. */
  readonly admin: () => string | undefined;
  /** The values of credentials that may do less than they should. */
  readonly scoped: () => readonly string[];
}

/**
 * What stands before an issuer and answers in its place: a page with 200 or 401, nothing at all, or the
 * issuer's own no to the admin credential alone.
 */
export function gatewayOf(
  callers: Callers,
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
      return (request) => (isByAdmin(callers, request) ? refusalOf(callers.provider) : undefined);
    case 'scopes':
      return (request) => (isByScoped(callers, request) ? insufficientScope() : undefined);
  }
}

function headersOf(request: Request): string {
  return `${request.headers.get('private-token') ?? ''} ${request.headers.get('authorization') ?? ''}`;
}

function isByAdmin({ provider, admin }: Callers, request: Request): boolean {
  const headers = headersOf(request);
  switch (provider) {
    case 'gitlab': {
      const token = admin();
      return token !== undefined && headers.includes(token);
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

function isByScoped({ scoped }: Callers, request: Request): boolean {
  const headers = headersOf(request);
  return scoped().some((value) => headers.includes(value));
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
