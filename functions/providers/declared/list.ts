import { KeyturnError } from '../../core/basics/errors.ts';
import type { HttpRequest } from '../request.ts';
import type { Bound } from './declaration.ts';
import type { Entry } from './calls.ts';

/** More pages than any account's credentials fill: a list that goes on is broken. */
const MOST_PAGES = 200;

/** All pages. Error: `issuer-response-invalid` for a list without end. */
export async function listed<A, P, G>(bound: Bound<A, P, G>): Promise<Entry[]> {
  const { list } = bound.is;
  const found: Entry[] = [];
  const asked = new Set<string>();
  let query: Readonly<Record<string, string>> | undefined = list.pages.first;
  for (let number = 1; query !== undefined; number++) {
    const key = JSON.stringify(query);
    if (number > MOST_PAGES || asked.has(key))
      throw new KeyturnError(
        'issuer-response-invalid',
        `The issuer's list of the credentials of ${bound.name} does not end.`,
      );
    asked.add(key);
    const answer = await bound.send(requestOf(bound, query));
    if (list.noAccount && answer.status === 404)
      throw new KeyturnError('issuer-refused', list.noAccount(bound.place));
    const entries = answer.json(list.answer);
    found.push(...entries);
    query = list.pages.next({ answer, number, held: entries.length, found: found.length });
  }
  const others = withoutSelf(bound, found);
  const owner = list.owner?.(bound.place);
  return owner === undefined ? others : others.filter((entry) => entry.owner === owner);
}

function requestOf<A, P, G>(bound: Bound<A, P, G>, page: Readonly<Record<string, string>>): HttpRequest {
  const { list } = bound.is;
  const own = typeof list.query === 'function' ? list.query(bound) : list.query;
  const common = { path: list.path(bound), ...(list.noAccount && { accept: [404] }) };
  if (list.body) {
    const body = list.body(bound, page);
    const headers = { ...list.headers };
    return { method: 'POST', ...common, query: { ...own }, headers, repeatable: true, ...(body && { body }) };
  }
  const paged =
    list.pages.by === 'headers'
      ? { query: { ...own }, headers: { ...list.headers, ...page } }
      : { query: { ...own, ...page }, headers: { ...list.headers } };
  return { method: 'GET', ...common, ...paged };
}

function withoutSelf<A, P, G>(bound: Bound<A, P, G>, found: readonly Entry[]): Entry[] {
  const self = bound.is.list.self?.(bound);
  const others = found.filter(({ id }) => id !== self);
  if (self !== undefined && others.length === found.length)
    throw new KeyturnError(
      'issuer-response-invalid',
      `The issuer's list of the credentials of ${bound.name} lacks the admin credential, which is one of ` +
        'them.',
    );
  return others;
}
