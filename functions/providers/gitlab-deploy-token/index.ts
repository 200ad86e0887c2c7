import * as z from 'zod';
import { asHeader, asUser, isoSeconds } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { ADMIN_VERDICTS, SELF } from './admin.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Admitted, Grant, MadeName, MadeToken, NewEntry, Place, TokenList } from './schema.ts';

const API = '/api/v4';
const asToken = asHeader('private-token');
const DOOR = 'gitlabhq/gitlabhq, app/controllers/jwt_controller.rb';
const REGISTRY = 'gitlabhq/gitlabhq, app/services/auth/container_registry_authentication_service.rb';

const oneError = <T extends z.ZodType<string>>(code: string, message: T) =>
  z.object({ errors: z.tuple([z.object({ code: z.literal(code), message })]) });

/**
 * What the registry's door says of a username and a token. Not listed, so unknown: a person whose second
 * factor is asked for, an address that is banned, a registry that is off.
 */
const VERDICTS: readonly Verdict[] = [
  { outcome: 'active', status: 200, body: Admitted.transform(() => ({})), source: REGISTRY },
  {
    outcome: 'inactive',
    status: 401,
    body: oneError(
      'UNAUTHORIZED',
      z
        .string()
        .regex(
          /^HTTP Basic: Access denied(\. If a password was provided for Git authentication, [^\n]+ improperly scoped\. See \S+)?$/,
        ),
    ),
    source:
      `${DOOR}, for a deploy token that is not active, or not of this username (lib/gitlab/auth.rb, ` +
      'deploy_token_check)',
  },
  {
    outcome: 'unknown',
    status: 403,
    body: oneError('DENIED', z.literal('access forbidden')).transform(
      () => 'GitLab knows this token, or none, and does not let it into the registry.',
    ),
    source: REGISTRY,
  },
];

const tokensOf = (resource: string): string => {
  const [kind = '', id = ''] = resource.split('/');
  return API + pathOf`/${kind}/${id}/deploy_tokens`;
};

export const gitlabDeployToken = declared({
  descriptor,
  admin: Admin,
  place: Place,
  grant: Grant,
  apiPath: API,
  account: ({ resource, username }: z.infer<typeof Place>) => `${resource}/deploy_tokens/${username}`,
  id: /[1-9]\d{0,15}/,
  scopes: ({ scopes }: z.infer<typeof Grant>) => scopes,
  as: ({ admin }) => asToken(admin.token),
  create: {
    path: ({ place }) => tokensOf(place.resource),
    body: ({ name, place, scopes, expiresAt }) => ({
      json: { name, username: place.username, scopes, expires_at: isoSeconds(expiresAt) },
    }),
    made: MadeToken,
    entry: NewEntry,
    told: 'answer',
    differs: (answer, { place }) => {
      const made = answer.read(MadeName);
      return made === undefined || made.username === place.username ? undefined : 'another username';
    },
  },
  // The list is the project's or group's: each token names its username.
  list: {
    path: ({ place }) => tokensOf(place.resource),
    answer: TokenList,
    owner: ({ username }) => username,
    pages: pageNumber({ parameter: 'page', size: ['per_page', 100] }),
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => tokensOf(place.resource) + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
    onlyOwn: true,
  },
  check: {
    path: () => '/jwt/auth',
    query: { service: 'container_registry' },
    headers: (value, { place }) => asUser(place.username, value),
    verdicts: () => VERDICTS,
  },
  identify: { by: 'nothing' },
  examine: ({ token }) => [
    { request: { method: 'GET', path: SELF, headers: asToken(token) }, verdicts: ADMIN_VERDICTS },
  ],
  adminValues: ({ token }) => [token],
});
