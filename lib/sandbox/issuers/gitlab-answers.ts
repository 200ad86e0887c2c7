import * as z from 'zod';
import { DAY, SECOND, type Instant } from '../../../functions/core/basics/time.ts';

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

/** Source: gitlabhq/gitlabhq, lib/gitlab/auth.rb, `resource_bot_scopes`, as of 2026. */
const RESOURCE_SCOPES = [
  'api',
  'read_api',
  'create_runner',
  'manage_runner',
  'k8s_proxy',
  'self_rotate',
  'ai_features',
  'read_repository',
  'write_repository',
  'read_registry',
  'write_registry',
  'read_virtual_registry',
  'write_virtual_registry',
  'read_observability',
  'write_observability',
];
/** Source: the same, `all_available_scopes`: tokens of accounts may have these too. */
const ACCOUNT_SCOPES = [...RESOURCE_SCOPES, 'read_user', 'sudo', 'admin_mode', 'read_service_ping'];
/**
 * Source: gitlabhq/gitlabhq, lib/gitlab/access.rb, `options_with_owner`: Guest, Planner, Reporter, Security
 * Manager, Developer, Maintainer, Owner.
 */
const LEVELS = [10, 15, 20, 25, 30, 40, 50];

const NewToken = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  scopes: z.array(z.string()).min(1),
  expires_at: z.string().optional(),
  access_level: z.number().optional(),
});
export type NewToken = z.infer<typeof NewToken> & { readonly expires: Instant };

export interface Limits {
  readonly now: Instant;
  /** The instance's longest life of a token. */
  readonly maxDays: number;
  /** Whether the token is a project's or group's, with a role of its own. */
  readonly isBot: boolean;
}

/** Checks what a new token is asked to be; a response is GitLab's complaint. */
export function readNewToken(body: unknown, { now, maxDays, isBot }: Limits): NewToken | Response {
  const parsed = NewToken.safeParse(body);
  // Source: Grape's messages, as GitLab passes them on: {"error":"scopes is missing"}.
  if (!parsed.success)
    return answer(400, { error: `${String(parsed.error.issues[0]?.path[0] ?? 'name')} is missing` });
  const { access_level: level, scopes, expires_at: date } = parsed.data;
  // Source: lib/api/resource_access_tokens.rb has a closed list; other tokens are checked by the model
  // (app/models/personal_access_token.rb).
  if (isBot && scopes.some((scope) => !RESOURCE_SCOPES.includes(scope)))
    return answer(400, { error: 'scopes does not have a valid value' });
  if (scopes.some((scope) => !ACCOUNT_SCOPES.includes(scope)))
    return badRequest('Scopes can only contain available scopes');
  if (level !== undefined && !LEVELS.includes(level))
    return answer(400, { error: 'access_level does not have a valid value' });
  const last = Date.parse(dateOf(now + maxDays * DAY));
  // Source: "Create a project access token": without a date it is the longest life allowed.
  const text = date ?? dateOf(last);
  const expires = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(expires))
    return answer(400, { error: 'expires_at is invalid' });
  // Source: app/models/personal_access_token.rb, `expires_at_before_instance_max_expiry_date`.
  if (expires > last) return badRequest(`Expires at must be before ${dateOf(last)}`);
  // The wording of this one is not documented.
  if (expires <= now) return badRequest('Expires at cannot be in the past');
  return { ...parsed.data, expires };
}

/** Source: GitLab, lib/api/helpers.rb, `bad_request!`. */
export function badRequest(reason: string): Response {
  return refuse(400, `Bad request - ${reason}`);
}
