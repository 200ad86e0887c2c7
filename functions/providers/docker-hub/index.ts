import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { epochDialect } from '../dialect.ts';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf, type HttpRequest } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Account, Admin, Grant, Login, MadeToken, NewEntry, Refused, TokenPage, Total } from './schema.ts';

type Account = z.infer<typeof Account>;

const LOGIN = '/v2/auth/token';
const TOKENS = '/v2/access-tokens';

/**
 * The same login takes passwords and tokens. Not listed, so unknown: a body that it finds wrong, a second
 * factor that it wants.
 */
const VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: Login.transform(() => ({})),
    source: 'docker/docs, content/reference/api/hub/latest.yaml, AuthCreateAccessToken',
  },
  {
    outcome: 'inactive',
    status: 401,
    body: Refused,
    source: 'answers of hub.docker.com, as users report them; mongodb/kingfisher, issue 202',
  },
];

const bodyOf = (user: string, secret: Secret) => ({
  json: { identifier: user, secret: secret.reveal() },
});

function loginOf({ user, password }: Account): HttpRequest {
  return { method: 'POST', path: LOGIN, body: bodyOf(user, password), repeatable: true };
}

export const dockerHub = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  apiPath: '/v2',
  account: ({ user }: Account) => `users/${user}`,
  id: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/,
  scopes: ({ scope }: z.infer<typeof Grant>) => [scope],
  // Source: latest.yaml, "Rate Limiting": a time since 1970; docs.docker.com: `Retry-After` in seconds. Both
  // are read.
  dialect: epochDialect('x-retry-after'),
  as: { login: ({ place }) => loginOf(place), token: Login, headers: asBearer },
  create: {
    path: () => TOKENS,
    body: ({ name, scopes }) => ({ json: { token_label: name, scopes } }),
    made: MadeToken,
    entry: NewEntry,
    told: 'answer',
  },
  list: {
    path: () => TOKENS,
    answer: TokenPage,
    pages: pageNumber({ parameter: 'page', size: ['page_size', 100], total: Total }),
  },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => TOKENS + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  check: {
    method: 'POST',
    path: () => LOGIN,
    headers: () => ({}),
    body: (value, { place }) => bodyOf(place.user, value),
    verdicts: () => VERDICTS,
  },
  identify: { by: 'nothing' },
  examine: (_admin, grants) => grants.map((grant) => ({ request: loginOf(grant), verdicts: VERDICTS })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'password')),
});
