import type { Secret } from '../../core/basics/secret.ts';
import { asBearer } from '../declared/forms.ts';
import type { Around } from '../declared/declaration.ts';
import { declared } from '../declared/index.ts';
import { linkHeader } from '../declared/paging.ts';
import { GITHUB_DIALECT, GITHUB_HEADERS } from '../github-api.ts';
import { NOT_ITS_KEY, NotItsKey, appJwt } from '../github-app.ts';
import { pathOf, type HttpRequest } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { publicKeyOf } from './public-key.ts';
import { Admin, DeployKey, DeployKeys, Grant, InstallationToken, Repository, scopeOf } from './schema.ts';

const REFUSED = 'octokit/auth-app.js, issue 375; github/docs, issue 33989';

const partsOf = ({ repository }: Repository): readonly [owner: string, name: string] => {
  const [owner = '', name = ''] = repository.split('/');
  return [owner, name];
};

const keysOf = (place: Repository): string => {
  const [owner, name] = partsOf(place);
  return pathOf`/repos/${owner}/${name}/keys`;
};

/** Asks for a token that may administer this repository, and reach no other one. */
function login(
  { appId, installationId, private_key_base64: key }: Admin,
  place: Repository,
  { now }: Around,
): HttpRequest {
  return {
    method: 'POST',
    path: pathOf`/app/installations/${installationId}/access_tokens`,
    headers: { ...GITHUB_HEADERS, ...asBearer(appJwt(key, appId, now)) },
    body: { json: { repositories: [partsOf(place)[1]], permissions: { administration: 'write' } } },
    repeatable: true,
  };
}

/**
 * Source: github/rest-api-description, "Deploy keys". The admin is an App: a deploy key that a personal
 * access token created is deleted with that token.
 */
export const githubDeployKey = declared<Admin, Repository, Grant>({
  descriptor,
  admin: Admin,
  place: Repository,
  grant: Grant,
  // Names are not case-sensitive: one repository is one account.
  account: ({ repository }) => `repos/${repository.toLowerCase()}`,
  handlePrefix: 'keys/',
  id: /[1-9]\d{0,15}/,
  scopes: ({ readOnly }) => [scopeOf(readOnly)],
  dialect: GITHUB_DIALECT,
  safe: [
    {
      status: 401,
      pattern: NOT_ITS_KEY,
      says: 'GitHub does not take the admin key for one of the App: it is deleted, or appId is wrong',
      source: REFUSED,
    },
    {
      status: 422,
      pattern: /The permissions requested are not granted to this installation\./,
      says: 'The installation of the App lacks the permission Administration: Read and write',
      source: 'peter-murray/workflow-application-token-action, issue 48',
    },
  ],
  as: {
    login: ({ admin, place }, around) => login(admin, place, around),
    token: InstallationToken,
    headers: (token) => ({ ...GITHUB_HEADERS, ...asBearer(token) }),
  },
  create: {
    chooses: 'rsa-key',
    path: ({ place }) => keysOf(place),
    // The public half alone.
    body: (value: Secret, { grant }) => ({
      json: { title: 'Keyturn', key: publicKeyOf(value), read_only: grant.readOnly },
    }),
    entry: DeployKey,
    // In the same words for a key that is in use and for a text that is none; in others where keys are
    // forbidden. Source: ansible-collections/community.general, issue 6718; vitodeploy/vito, issue 949.
    refused: {
      status: 422,
      advice: 'check that its organization and its enterprise allow deploy keys',
    },
  },
  list: {
    path: ({ place }) => keysOf(place),
    answer: DeployKeys,
    noAccount: ({ repository }) =>
      `GitHub shows the App no repository ${repository}: correct repository in the grant, or add it to the ` +
      'installation of the App.',
    pages: linkHeader({ per_page: '100' }),
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => keysOf(place) + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  check: 'by-list',
  identify: {
    by: 'value',
    isOf: (value, { mask }) => mask !== undefined && mask === publicKeyOf(value),
  },
  examine: (admin, grants, around) =>
    grants.slice(0, 1).map((place) => ({
      request: login(admin, place, around),
      verdicts: [
        {
          outcome: 'active',
          status: 201,
          body: InstallationToken.transform(() => ({})),
          source: 'github/rest-api-description, POST /app/installations/{installation_id}/access_tokens',
        },
        { outcome: 'inactive', status: 401, body: NotItsKey, source: REFUSED },
      ],
    })),
  adminValues: ({ private_key_base64: key }) => [key],
});
