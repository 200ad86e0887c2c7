import { KeyturnError } from '../../core/basics/errors.ts';
import type { ProviderTools } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { epochDialect } from '../dialect.ts';
import { httpClient, type HttpClient } from '../http.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { HttpRequest } from '../request.ts';
import { SELF, type Paths } from './paths.ts';
import { AccessToken, AccessTokenList } from './schema.ts';
import { SAFE_REASONS } from './verdicts.ts';

/** New tokens then come last, so that one made meanwhile moves nothing to a page that was read already. */
const OLDEST_FIRST = { sort: 'created_asc', per_page: '100' };

/** More tokens than this on one resource are a fault of ours or the issuer's: 200 pages of 100. */
const MOST_PAGES = 200;

export interface NewToken {
  readonly name: string;
  readonly description: string;
  readonly scopes: readonly string[];
  readonly expires_at: string;
  readonly access_level?: number;
}

export interface GitlabApi {
  /** The answer to a creation that succeeded, unread: it has to be read with care. */
  create(token: NewToken): Promise<HttpAnswer>;
  list(): Promise<AccessToken[]>;
  /**
   * `left` is what came back instead of 204: that there is no such token, that it cannot be revoked, or a
   * stranger's answer. Then only the list tells. Error: `not-granted` when the token is another account's.
   */
  remove(id: number): Promise<{ readonly left?: string }>;
}

/** The few calls Keyturn makes, bound to one resource. */
export function gitlabApi(client: HttpClient, token: Secret, paths: Paths): GitlabApi {
  const headers = { 'private-token': token };

  async function list(): Promise<AccessToken[]> {
    const found: AccessToken[] = [];
    let page: Record<string, string> | undefined = { page: '1' };
    for (let count = 0; page !== undefined; count++) {
      if (count === MOST_PAGES)
        throw new KeyturnError(
          'issuer-response-invalid',
          `GitLab lists tokens without end at GET ${paths.collection}.`,
        );
      const answer: HttpAnswer = await client.send({
        method: 'GET',
        path: paths.collection,
        query: { ...paths.query, ...OLDEST_FIRST, ...page },
        headers,
      });
      found.push(...answer.json(AccessTokenList));
      page = nextPage(answer.headers);
    }
    // An instance that ignores the filter must not make a stranger's token look like ours.
    return found.filter((entry) => paths.userId === undefined || entry.user_id === paths.userId);
  }

  function create(body: NewToken): Promise<HttpAnswer> {
    return client.send({ method: 'POST', path: paths.create, headers, body: { json: body } });
  }

  async function remove(id: number): Promise<{ readonly left?: string }> {
    if (paths.shared && !(await isOwn(id))) return { left: '404' };
    // 400 also says that the token's bot user is gone already.
    const answer = await client.send({
      method: 'DELETE',
      path: paths.item(id),
      headers,
      accept: [400, 404],
      ends: true,
    });
    if (answer.status === 204) return {};
    return {
      left: answer.reason === undefined ? String(answer.status) : `${answer.status} (${answer.reason})`,
    };
  }

  async function isOwn(id: number): Promise<boolean> {
    const answer = await client.send({ method: 'GET', path: paths.item(id), headers, accept: [404] });
    if (answer.status === 404) return false;
    if (answer.json(AccessToken).user_id === paths.userId) return true;
    throw new KeyturnError(
      'not-granted',
      `The token ${id} belongs to another account than user ${paths.userId}.`,
    );
  }

  return { create, list, remove };
}

/** Asks a value about itself: sends it and nothing else, and needs no resource. */
export function selfRequest(value: Secret): HttpRequest {
  return { method: 'GET', path: SELF, headers: { 'private-token': value } };
}

export function clientOf(origin: string, tools: ProviderTools): HttpClient {
  // "Rate limits": 429 in plain text with Retry-After; some limiters send RateLimit-Reset alone.
  return httpClient({ origin, tools, dialect: epochDialect('ratelimit-reset'), safe: SAFE_REASONS });
}

/**
 * Source: docs.gitlab.com, "REST API", "Pagination". Only the query of a link is taken, never its address.
 */
function nextPage(headers: Headers): Record<string, string> | undefined {
  const page = headers.get('x-next-page');
  if (page) return { page };
  const next = /<([^>]+)>;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1];
  return next !== undefined && URL.canParse(next)
    ? Object.fromEntries(new URL(next).searchParams)
    : undefined;
}
