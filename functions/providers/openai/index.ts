import type * as z from 'zod';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { cursor } from '../declared/paging.ts';
import { openaiRefusal } from '../openai-refusals.ts';
import { pathOf } from '../request.ts';
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
} from './schema.ts';

const API = '/v1';
const MODELS = `${API}/models`;
const SPEC = 'openai/openai-openapi, openapi.json';

const accountsOf = (project: string): string =>
  API + pathOf`/organization/projects/${project}/service_accounts`;

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
      openaiRefusal(value),
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
        openaiRefusal(token),
      ],
    })),
  adminValues: ({ token }) => [token],
});
