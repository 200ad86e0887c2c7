import type * as z from 'zod';
import {
  DOCKER_LOGIN_PATH,
  DOCKER_LOGIN_VERDICTS,
  DockerLogin,
  dockerCredentials,
  dockerLogin,
} from '../docker-hub-api.ts';
import { epochDialect } from '../dialect.ts';
import { UUID, asBearer, isoSeconds } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Grant,
  MadeToken,
  NewEntry,
  Organization,
  Reached,
  TokenPage,
  Total,
  reachOf,
} from './schema.ts';

type Place = z.infer<typeof Organization>;

const under = ({ organization }: Place): string => pathOf`/v2/orgs/${organization}/access-tokens`;

export const dockerHubOrg = declared({
  descriptor,
  admin: Admin,
  place: Organization,
  grant: Grant,
  apiPath: '/v2',
  account: ({ organization }: Place) => `orgs/${organization}`,
  id: UUID,
  // Source: latest.yaml, "Rate Limiting": a time since 1970; docs.docker.com: `Retry-After` in seconds. Both
  // are read.
  dialect: epochDialect('x-retry-after'),
  as: {
    login: ({ admin }) => dockerLogin(admin.user, admin.password),
    token: DockerLogin,
    headers: asBearer,
  },
  create: {
    path: ({ place }) => under(place),
    body: ({ name, grant, expiresAt }) => ({
      json: { label: name, resources: grant.resources, expires_at: isoSeconds(expiresAt) },
    }),
    made: MadeToken,
    entry: NewEntry,
    told: 'answer',
    // Lists do not show it.
    differs: (answer, { grant }) =>
      answer.read(Reached) === reachOf(grant.resources) ? undefined : 'other resources or scopes',
  },
  list: {
    path: ({ place }) => under(place),
    answer: TokenPage,
    noAccount: ({ organization }) =>
      `Docker Hub knows no organization ${organization} for this user: correct the grant.`,
    pages: pageNumber({ parameter: 'page', size: ['page_size', 100], total: Total }),
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => under(place) + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  toggle: {
    method: 'PATCH',
    path: ({ place }, id) => under(place) + pathOf`/${id}`,
    body: (wanted) => ({ json: { is_active: wanted === 'active' } }),
    entry: NewEntry,
  },
  check: {
    method: 'POST',
    path: () => DOCKER_LOGIN_PATH,
    headers: () => ({}),
    body: (value, { place }) => dockerCredentials(place.organization, value),
    verdicts: () => DOCKER_LOGIN_VERDICTS,
  },
  identify: { by: 'nothing' },
  examine: (admin) => [{ request: dockerLogin(admin.user, admin.password), verdicts: DOCKER_LOGIN_VERDICTS }],
  adminValues: ({ password }) => [password],
});
