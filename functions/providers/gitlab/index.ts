import { asHeader } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { epochDialect } from '../dialect.ts';
import { pathOf } from '../request.ts';
import { descriptionOf } from './credential.ts';
import { descriptor } from './descriptor.ts';
import { PAGES } from './paging.ts';
import { API, PERSONAL, SELF, pathsOf } from './paths.ts';
import { Admin, Entry, Grant, MadeRole, MadeToken, OwnId, Place, TokenList, roleFault } from './schema.ts';
import { SAFE_REASONS, VERDICTS } from './verdicts.ts';

const asToken = asHeader('private-token');

/**
 * Creates beside the old token and revokes that later. GitLab's own replacing call is never used: it revokes
 * the old token at once, and the new one too when called twice.
 */
export const gitlab = declared<Admin, Place, Grant>({
  descriptor,
  admin: Admin,
  place: Place,
  grant: Grant,
  // The limit is 365 days, and an instance may raise it to 400 ("Access token expiration").
  mostDays: 400,
  fault: roleFault,
  apiPath: API,
  account: ({ resource }) => resource,
  id: /[1-9]\d{0,15}/,
  scopes: ({ scopes }) => scopes,
  // "Rate limits": 429 in plain text with Retry-After; some limiters send RateLimit-Reset alone.
  dialect: epochDialect('ratelimit-reset'),
  safe: SAFE_REASONS,
  as: ({ admin }) => asToken(admin.token),
  create: {
    path: ({ place }) => pathsOf(place).create,
    body: ({ name, scopes, expiresAt, grant: { accessLevel } }) => ({
      json: {
        name,
        description: descriptionOf(name),
        scopes,
        expires_at: new Date(expiresAt).toISOString().slice(0, 10),
        ...(accessLevel !== undefined && { access_level: accessLevel }),
      },
    }),
    made: MadeToken,
    entry: Entry,
    told: 'answer',
    differs: (answer, { grant: { accessLevel } }) =>
      accessLevel === undefined || answer.read(MadeRole) === accessLevel ? undefined : 'another access level',
  },
  // An instance that ignores the filter must not make a stranger's token look like ours: hence the owner.
  list: {
    path: ({ place }) => pathsOf(place).collection,
    query: ({ place }) => {
      const { collection, userId } = pathsOf(place);
      return collection === PERSONAL && userId !== undefined ? { user_id: userId } : {};
    },
    answer: TokenList,
    owner: (place) => pathsOf(place).userId,
    pages: PAGES,
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => pathsOf(place).collection + pathOf`/${id}`,
    ownerOf: {
      path: ({ place }, id) =>
        pathsOf(place).collection === PERSONAL ? PERSONAL + pathOf`/${id}` : undefined,
      entry: Entry,
    },
    done: { status: 204 },
    // 400 also says that the token's bot user is gone already.
    gone: [400, 404],
    proof: 'answer',
  },
  check: { path: () => SELF, headers: asToken, verdicts: () => VERDICTS },
  identify: { by: 'answer', id: OwnId },
  examine: ({ token }) => [
    { request: { method: 'GET', path: SELF, headers: asToken(token) }, verdicts: VERDICTS },
  ],
  adminValues: ({ token }) => [token],
});
