import type * as z from 'zod';
import {
  DOCKER_LOGIN_PATH,
  DOCKER_LOGIN_VERDICTS,
  DockerLogin,
  dockerCredentials,
  dockerLogin,
} from '../docker-hub-api.ts';
import { epochDialect } from '../dialect.ts';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { Account, Admin, Grant, MadeToken, NewEntry, TokenPage, Total } from './schema.ts';

type Account = z.infer<typeof Account>;

const TOKENS = '/v2/access-tokens';

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
  as: {
    login: ({ place }) => dockerLogin(place.user, place.password),
    token: DockerLogin,
    headers: asBearer,
  },
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
  toggle: {
    method: 'PATCH',
    path: (_at, id) => TOKENS + pathOf`/${id}`,
    body: (wanted) => ({ json: { is_active: wanted === 'active' } }),
    entry: NewEntry,
  },
  check: {
    method: 'POST',
    path: () => DOCKER_LOGIN_PATH,
    headers: () => ({}),
    body: (value, { place }) => dockerCredentials(place.user, value),
    verdicts: () => DOCKER_LOGIN_VERDICTS,
  },
  identify: { by: 'nothing' },
  examine: (_admin, grants) =>
    grants.map((grant) => ({
      request: dockerLogin(grant.user, grant.password),
      verdicts: DOCKER_LOGIN_VERDICTS,
    })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'password')),
});
