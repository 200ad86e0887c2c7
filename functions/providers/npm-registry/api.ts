import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { basic, bearer, pathOf, type HttpRequest } from '../request.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { HttpClient } from '../http.ts';
import { TokenPage, type Grant, type ListedToken, type User } from './schema.ts';

const TOKENS = '/-/npm/v1/tokens';
/** More pages than any user's tokens fill: a registry that never stops is broken. */
const MOST_PAGES = 100;

/** Asks as the bearer of a token; takes a good one alone, unlike `/-/whoami`, which answers 200 to everybody. */
export function profileRequest(value: Secret): HttpRequest {
  return { method: 'GET', path: '/-/npm/v1/user', headers: { authorization: bearer(value) } };
}

/** The first page of a user's tokens, asked for with its password. */
export function listRequest(user: User): HttpRequest {
  return { method: 'GET', path: TOKENS, headers: asUser(user) };
}

/** The marker is not used: Verdaccio keeps no name or description with a token. */
export function createToken(http: HttpClient, grant: Grant): Promise<HttpAnswer> {
  const json = { password: grant.password.reveal(), readonly: grant.readonly, cidr_whitelist: grant.cidr };
  return http.send({ method: 'POST', path: TOKENS, headers: asUser(grant), body: { json } });
}

export async function listTokens(http: HttpClient, user: User): Promise<ListedToken[]> {
  const all: ListedToken[] = [];
  let query: Record<string, string> | undefined = {};
  for (let page = 0; query; page++) {
    if (page === MOST_PAGES)
      throw new KeyturnError(
        'issuer-response-invalid',
        `The registry's list of the tokens of ${user.user} does not end.`,
      );
    const answer = await http.send({ ...listRequest(user), query });
    const { objects, urls } = answer.json(TokenPage);
    all.push(...objects);
    query = nextQuery(urls?.next);
  }
  return all;
}

/**
 * Looks first: Verdaccio answers 500 to a delete for a user who never had a token, which is not an error of ours. Otherwise it is asked for a key
 * that its list leaves out too, and looked at afterwards: it answers 200 whatever the key, and so does much that may stand in between.
 */
export async function deleteToken(http: HttpClient, user: User, key: string): Promise<void> {
  if ((await listTokens(http, user)).length === 0) return;
  const answer = await http.send({
    method: 'DELETE',
    path: `${TOKENS}/token/` + pathOf`${key}`,
    headers: asUser(user),
    accept: [404],
    ends: true,
  });
  if ((await listTokens(http, user)).some((token) => token.key === key))
    throw new KeyturnError(
      'issuer-refused',
      `The registry answered ${answer.status} to the deletion of the token ${key} of ${user.user}, and lists it.`,
    );
}

/** Only the query of the next page's address is taken: the rest is where we are already. Verdaccio sends an empty text. */
function nextQuery(next: string | undefined): Record<string, string> | undefined {
  if (!next) return undefined;
  const start = next.indexOf('?');
  if (start === -1)
    throw new KeyturnError(
      'issuer-response-invalid',
      'The registry names a next page of tokens that is no page.',
    );
  return Object.fromEntries(new URLSearchParams(next.slice(start)));
}

function asUser({ user, password }: User): { authorization: Secret } {
  return { authorization: basic(user, password) };
}
