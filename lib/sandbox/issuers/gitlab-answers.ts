import { SECOND, type Instant } from '../../../functions/core/basics/time.ts';

/** A token as the simulated instance keeps it. */
export interface StoredToken {
  readonly id: number;
  /** Such as `projects/101`. */
  readonly resource: string;
  readonly userId: number;
  readonly name: string;
  readonly description: string | null;
  readonly scopes: readonly string[];
  readonly accessLevel: number | undefined;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly value: string;
  revokedAt: Instant | undefined;
  lastUsedAt: Instant | undefined;
}

export function isActive(token: StoredToken, now: Instant): boolean {
  return token.revokedAt === undefined && now < token.expiresAt;
}

/**
 * What `/self` shows: no role, since a token alone has none. Source: gitlabhq/gitlabhq,
 * lib/api/entities/personal_access_token.rb.
 */
export function shownToItself(token: StoredToken, now: Instant): Record<string, unknown> {
  const { access_level: _accessLevel, ...rest } = shown(token, now);
  return rest;
}

/** Source: docs.gitlab.com, "Project access tokens API": the fields of its example answers. */
export function shown(token: StoredToken, now: Instant): Record<string, unknown> {
  return {
    id: token.id,
    name: token.name,
    description: token.description,
    revoked: token.revokedAt !== undefined,
    active: isActive(token, now),
    created_at: new Date(token.createdAt).toISOString(),
    // Source: "Personal access tokens": a date; the token ends at 00:00 UTC of it.
    expires_at: dateOf(token.expiresAt),
    last_used_at: token.lastUsedAt === undefined ? null : new Date(token.lastUsedAt).toISOString(),
    scopes: token.scopes,
    user_id: token.userId,
    ...(token.accessLevel !== undefined && { access_level: token.accessLevel }),
  };
}

/**
 * An admin credential that is nobody's token: one of an instance that asks for no expiry, unless it is given
 * one.
 */
export function shownAdmin(expiresAt: Instant | undefined): Record<string, unknown> {
  return {
    id: 1,
    name: 'keyturn',
    revoked: false,
    active: true,
    created_at: new Date(0).toISOString(),
    expires_at: expiresAt === undefined ? null : dateOf(expiresAt),
    last_used_at: null,
    scopes: ['api'],
    user_id: 1,
  };
}

export function dateOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}

export function answer(status: number, body: unknown, headers?: Readonly<Record<string, string>>): Response {
  return Response.json(body, { status, ...(headers && { headers }) });
}

/** Source: GitLab, lib/api/helpers.rb, `render_api_error!`. */
export function refuse(status: number, message: string): Response {
  return answer(status, { message: `${status} ${message}` });
}

/** Source: GitLab, lib/api/api_guard.rb. */
export function invalidToken(description: string): Response {
  return answer(401, { error: 'invalid_token', error_description: description });
}

/** Source: GitLab, lib/api/api_guard.rb; rack-oauth2's description of the error. */
export function insufficientScope(): Response {
  return answer(403, {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: 'api',
  });
}

/**
 * Source: docs.gitlab.com, "User and IP rate limits": the body is the plain text `Retry later`; headers as in
 * "Response headers".
 */
export function retryLater(
  limit: number,
  observed: number,
  wait: { now: Instant; until: Instant },
): Response {
  const headers = {
    'content-type': 'text/plain',
    'ratelimit-limit': String(limit),
    'ratelimit-name': 'throttle_authenticated_api',
    'ratelimit-observed': String(observed),
    'ratelimit-remaining': '0',
    'ratelimit-reset': String(Math.ceil(wait.until / SECOND)),
    'retry-after': String(Math.ceil((wait.until - wait.now) / SECOND)),
  };
  return new Response('Retry later\n', { status: 429, headers });
}

/**
 * Source: docs.gitlab.com, "REST API", "Pagination": 20 a page unless asked, 100 at most; `x-next-page` is
 * empty on the last one.
 */
export function page(url: URL, items: readonly unknown[]): Response {
  const size = Math.min(100, Math.max(1, Number(url.searchParams.get('per_page') ?? 20)));
  const number = Math.max(1, Number(url.searchParams.get('page') ?? 1));
  const pages = Math.max(1, Math.ceil(items.length / size));
  const next = number < pages ? String(number + 1) : '';
  const link = new URL(url);
  link.searchParams.set('page', next);
  return answer(200, items.slice((number - 1) * size, number * size), {
    'x-page': String(number),
    'x-per-page': String(size),
    'x-next-page': next,
    'x-total': String(items.length),
    'x-total-pages': String(pages),
    ...(next !== '' && { link: `<${link.href}>; rel="next"` }),
  });
}

/** Source: GitLab, lib/api/helpers.rb, `bad_request!`. */
export function badRequest(reason: string): Response {
  return refuse(400, `Bad request - ${reason}`);
}
