import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { cursor } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  AccountPage,
  Admin,
  Deleted,
  Grant,
  MadeAccount,
  MadeRole,
  Models,
  NewEntry,
  Next,
  Project,
  refusalOf,
} from './schema.ts';

const API = '/v1';
const MODELS = `${API}/models`;
const SPEC = 'openai/openai-openapi, openapi.json';

const accountsOf = (project: string): string =>
  API + pathOf`/organization/projects/${project}/service_accounts`;

/**
 * Not listed, so unknown: a key that may not ask ("Missing scopes"), and an address that the organization or
 * the project does not let in.
 */
const refused = (value: Secret): Verdict => ({
  outcome: 'inactive',
  status: 401,
  body: refusalOf(value),
  source: 'platform.openai.com, "Error codes"; the words are from answers of api.openai.com',
});

export const openai = declared({
  descriptor,
  admin: Admin,
  place: Project,
  grant: Grant,
  apiPath: API,
  account: ({ project }: z.infer<typeof Project>) => `projects/${project}`,
  handlePrefix: 'service_accounts/',
  id: /[A-Za-z0-9_-]{3,80}/,
  as: ({ admin }) => asBearer(admin.token),
  create: {
    path: ({ place }) => accountsOf(place.project),
    body: ({ name }) => ({ json: { name } }),
    made: MadeAccount,
    entry: NewEntry,
    told: 'answer',
    differs: (answer) => (answer.read(MadeRole) === 'member' ? undefined : 'another role'),
  },
  list: {
    path: ({ place }) => accountsOf(place.project),
    answer: AccountPage,
    pages: cursor('after', Next, { limit: '100' }),
  },
  // A key of a service account cannot be deleted by itself: its account is deleted, which has no other key.
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => accountsOf(place.project) + pathOf`/${id}`,
    done: { status: 200, body: Deleted },
    gone: [404],
    proof: 'answer',
  },
  check: {
    path: () => MODELS,
    headers: asBearer,
    verdicts: (_at, value) => [
      {
        outcome: 'active',
        status: 200,
        body: Models.transform(() => ({})),
        source: `${SPEC}, listModels`,
      },
      refused(value),
    ],
  },
  identify: { by: 'nothing' },
  examine: ({ token }, grants) =>
    grants.map(({ project }) => ({
      request: {
        method: 'GET',
        path: accountsOf(project),
        query: { limit: '1' },
        headers: asBearer(token),
      },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: AccountPage.transform(() => ({})),
          source: `${SPEC}, list-project-service-accounts`,
        },
        refused(token),
      ],
    })),
  adminValues: ({ token }) => [token],
});
