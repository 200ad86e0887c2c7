/** The endpoints of a simulated GitLab that create, list, read and revoke access tokens. */
import type { Instant } from '../../../functions/core/basics/time.ts';
import {
  answer,
  badRequest,
  insufficientScope,
  isActive,
  page,
  refuse,
  shown,
  shownAdmin,
  shownToItself,
  type StoredToken,
} from './gitlab-answers.ts';
import { readNewToken } from './gitlab-new-token.ts';
import type { GitlabOptions } from './gitlab-options.ts';
import {
  isBot,
  isServiceAccount,
  kindOf,
  missingPlace,
  missingToken,
  placeOf,
  type Place,
} from './gitlab-places.ts';
import type { GitlabResources } from './gitlab-resources.ts';
import type { TokenStore } from './gitlab-store.ts';
import { isListed, type IssuerKnobs } from './knobs.ts';

/** What the endpoints work on. */
export interface Instance {
  readonly options: GitlabOptions;
  readonly knobs: IssuerKnobs;
  readonly resources: GitlabResources;
  readonly tokens: TokenStore;
  /** By the instance's own clock. */
  readonly now: () => Instant;
  readonly handleOf: (token: StoredToken) => string;
}

/** What a request is about, and whether its caller may manage tokens there. */
interface Asked {
  readonly place: Place;
  readonly mayManage: boolean;
}

/** Answers a request whose credential was accepted. `caller` is undefined for the admin credential. */
export async function answerTokenRequest(
  request: Request,
  url: URL,
  caller: StoredToken | undefined,
  instance: Instance,
): Promise<Response> {
  const { options, resources } = instance;
  const base = `${options.basePath ?? ''}/api/v4`;
  const path = url.pathname.startsWith(base) ? url.pathname.slice(base.length) : '';
  const now = instance.now();
  if (path === '/version' && request.method === 'GET')
    return answer(200, { version: '18.3.0-ee', revision: 'sandbox' });
  // "Self-inform": any token, whatever its scopes.
  if (path === '/personal_access_tokens/self' && request.method === 'GET')
    return answer(200, caller ? shownToItself(caller, now) : shownAdmin(options.adminExpiresAt));
  const place = placeOf(path, url.searchParams);
  if (!place) return answer(404, { error: '404 Not Found' });
  if (caller && !caller.scopes.includes('api')) return insufficientScope();
  const mayManage = caller === undefined || caller.resource === options.adminAccount;
  // Source: lib/api/group_service_accounts.rb and project_service_accounts.rb, `authorize!`, before all else.
  if (!mayManage && isServiceAccount(place.resource)) return refuse(403, 'Forbidden');
  if (place.resource !== undefined && !resources.isThere(place.resource))
    return refuse(404, missingPlace(place.resource));
  if (request.method === 'POST' && place.resource !== undefined && place.tokenId === undefined)
    return create(place.resource, mayManage, await request.json().catch(() => undefined), instance);
  if (place.tokenId === undefined) return list(request.method, url, { place, mayManage }, instance);
  return readOrRevoke(request.method, { place, mayManage }, instance);
}

/**
 * Source of the errors: gitlabhq/gitlabhq, app/services/resource_access_tokens/create_service.rb, in its
 * order.
 */
function create(
  resource: string,
  mayManage: boolean,
  body: unknown,
  { options, tokens, now }: Instance,
): Response {
  const limits = { now: now(), maxDays: options.maxDays ?? 365, isBot: isBot(resource) };
  const asked = readNewToken(body, limits);
  if (asked instanceof Response) return asked;
  if (!mayManage)
    return limits.isBot
      ? badRequest(`User does not have permission to create ${kindOf(resource)} access token`)
      : refuse(401, 'Unauthorized');
  if (limits.isBot && (asked.access_level ?? 40) > (options.adminLevel ?? 50))
    return badRequest('Access level of the token contains permissions not held by the creating user');
  const active = tokens.kept().filter((token) => token.resource === resource && isActive(token, limits.now));
  if (active.length >= (options.tokenLimit ?? Infinity)) return badRequest('Access token limit reached');
  const made = tokens.add(resource, asked, limits.now);
  return answer(201, { ...shown(made, limits.now), token: made.value });
}

function tokensAt({ resource }: Place, { tokens }: Instance): StoredToken[] {
  return tokens
    .kept()
    .filter((token) => (resource === undefined ? !isBot(token.resource) : token.resource === resource));
}

function list(method: string, url: URL, { place, mayManage }: Asked, instance: Instance): Response {
  const { knobs, handleOf } = instance;
  if (method !== 'GET') return answer(405, { error: '405 Not Allowed' });
  if (!mayManage) return refuse(401, 'Unauthorized');
  const now = instance.now();
  const isShown = (token: StoredToken): boolean =>
    isListed({ handle: handleOf(token), createdAt: token.createdAt }, knobs, now);
  return page(
    url,
    tokensAt(place, instance)
      .filter(isShown)
      .map((token) => shown(token, now)),
  );
}

/**
 * A caller that may not look gets 401, one that may not revoke 400 with two names.
 * Source: lib/api/resource_access_tokens.rb, app/services/resource_access_tokens/revoke_service.rb.
 */
function readOrRevoke(method: string, { place, mayManage }: Asked, instance: Instance): Response {
  if (!mayManage && method === 'GET') return refuse(401, 'Unauthorized');
  const now = instance.now();
  const token = tokensAt(place, instance).find((candidate) => String(candidate.id) === place.tokenId);
  if (!token) return refuse(404, missingToken(place.resource));
  if (method === 'GET') return answer(200, shown(token, now));
  if (method !== 'DELETE') return answer(405, { error: '405 Not Allowed' });
  if (!mayManage)
    return isBot(token.resource)
      ? badRequest(`Ann Example cannot delete ${token.name}`)
      : refuse(401, 'Unauthorized');
  token.revokedAt ??= now;
  return new Response(null, { status: 204 });
}
