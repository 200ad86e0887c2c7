import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { epochDialect } from '../dialect.ts';
import { UUID, asBearer, isoSeconds } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { pathOf, type HttpRequest } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Grant,
  Login,
  MadeToken,
  NewEntry,
  Organization,
  Reached,
  Refused,
  TokenPage,
  Total,
  reachOf,
} from './schema.ts';

type Place = z.infer<typeof Organization>;

const LOGIN = '/v2/auth/token';
const REFERENCE = 'docker/docs, content/reference/api/hub/latest.yaml, AuthCreateAccessToken';

/**
 * The same login takes passwords of users and tokens of organizations. Not listed, so unknown: a body that it
 * finds wrong, a second factor that it wants.
 */
const VERDICTS: readonly Verdict[] = [
  { outcome: 'active', status: 200, body: Login.transform(() => ({})), source: REFERENCE },
  {
    outcome: 'inactive',
    status: 401,
    body: Refused,
    source: 'answers of hub.docker.com, as users report them; mongodb/kingfisher, issue 202',
  },
];

const under = ({ organization }: Place): string => pathOf`/v2/orgs/${organization}/access-tokens`;

const bodyOf = (identifier: string, secret: Secret) => ({ json: { identifier, secret: secret.reveal() } });

function loginOf({ user, password }: z.infer<typeof Admin>): HttpRequest {
  return { method: 'POST', path: LOGIN, body: bodyOf(user, password), repeatable: true };
}

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
  as: { login: ({ admin }) => loginOf(admin), token: Login, headers: asBearer },
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
    path: () => LOGIN,
    headers: () => ({}),
    body: (value, { place }) => bodyOf(place.organization, value),
    verdicts: () => VERDICTS,
  },
  identify: { by: 'nothing' },
  examine: (admin) => [{ request: loginOf(admin), verdicts: VERDICTS }],
  adminValues: ({ password }) => [password],
});
