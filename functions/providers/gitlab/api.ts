import { KeyturnError } from '../../core/errors.ts';
import type { ProviderTools } from '../../core/provider.ts';
import { Secret } from '../../core/secret.ts';
import { epochDialect } from '../dialect.ts';
import { httpClient, type HttpAnswer, type HttpClient } from '../http.ts';
import { SELF, type Paths } from './paths.ts';
import { AccessToken, AccessTokenList, CreatedToken } from './schema.ts';

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
  create(token: NewToken): Promise<CreatedToken>;
  list(): Promise<AccessToken[]>;
  /** False when GitLab says there is no such token. Error: `not-granted` when the token is another account's. */
  remove(id: number): Promise<boolean>;
  /** What the value says of itself; sends the value and nothing else. Statuses 401 and 403 are the caller's to read. */
  self(value: Secret): Promise<HttpAnswer>;
}

/** The few calls Keyturn makes, bound to one resource. */
export function gitlabApi(origin: string, token: Secret, paths: Paths, tools: ProviderTools): GitlabApi {
  const client = clientOf(origin, tools);
  const headers = { 'private-token': token };

  async function list(): Promise<AccessToken[]> {
    const found: AccessToken[] = [];
    let page: Record<string, string> | undefined = { page: '1' };
    for (let count = 0; page !== undefined; count++) {
      if (count === MOST_PAGES) throw new KeyturnError('issuer-answer', `${new URL(origin).host} lists tokens without end at GET ${paths.collection}.`);
      const answer: HttpAnswer = await client.send({ method: 'GET', path: paths.collection, query: { ...paths.query, ...OLDEST_FIRST, ...page }, headers });
      found.push(...answer.json(AccessTokenList));
      page = nextPage(answer.headers);
    }
    // An instance that ignores the filter must not make a stranger's token look like ours.
    return found.filter((entry) => paths.userId === undefined || entry.user_id === paths.userId);
  }

  async function create(body: NewToken): Promise<CreatedToken> {
    const answer = await client.send({ method: 'POST', path: paths.create, headers, body: { json: body } });
    return answer.json(CreatedToken);
  }

  async function remove(id: number): Promise<boolean> {
    if (paths.shared && !(await isOwn(id))) return false;
    const answer = await client.send({ method: 'DELETE', path: paths.item(id), headers, accept: [404] });
    return answer.status !== 404;
  }

  async function isOwn(id: number): Promise<boolean> {
    const answer = await client.send({ method: 'GET', path: paths.item(id), headers, accept: [404] });
    if (answer.status === 404) return false;
    if (answer.json(AccessToken).user_id === paths.userId) return true;
    throw new KeyturnError('not-granted', `The token ${id} of ${new URL(origin).host} belongs to another account than user ${paths.userId}.`);
  }

  return { create, list, remove, ...selfApi(origin, tools) };
}

/** Asks a value about itself; needs no resource. */
export function selfApi(origin: string, tools: ProviderTools): Pick<GitlabApi, 'self'> {
  const client = clientOf(origin, tools);
  return { self: (value) => client.send({ method: 'GET', path: SELF, headers: { 'private-token': value }, accept: [401, 403] }) };
}

function clientOf(origin: string, tools: ProviderTools): HttpClient {
  // "Rate limits": 429 in plain text with Retry-After; some limiters send RateLimit-Reset alone.
  return httpClient({ origin, tools, dialect: epochDialect('ratelimit-reset') });
}

/** Source: docs.gitlab.com, "REST API", "Pagination". Only the query of a link is taken, never its address. */
function nextPage(headers: Headers): Record<string, string> | undefined {
  const page = headers.get('x-next-page');
  if (page) return { page };
  const next = /<([^>]+)>;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1];
  return next !== undefined && URL.canParse(next) ? Object.fromEntries(new URL(next).searchParams) : undefined;
}
