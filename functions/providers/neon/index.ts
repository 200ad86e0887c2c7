import type * as z from 'zod';
import { asBearer } from '../declared/forms.ts';
import type { Examination } from '../declared/declaration.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { whose } from '../declared/whose.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Auth,
  Grant,
  Invalid,
  KeyList,
  MadeKey,
  NewEntry,
  Organization,
  Revoked,
  reachOf,
} from './schema.ts';

const API = '/api/v2';
const SELF = `${API}/auth`;
const AUTH = 'neon.com, "Retrieve request authentication details"';

/** Not listed, so unknown: a key that may not ask, and a network that the organization does not let in. */
const REFUSED: Verdict = {
  outcome: 'inactive',
  status: 401,
  body: Invalid,
  source: 'answers of console.neon.tech to a wrong or revoked key, as users report them',
};

const keysOf = (organization: string): string => API + pathOf`/organizations/${organization}/api_keys`;

export const neon = declared({
  descriptor,
  admin: Admin,
  place: Organization,
  grant: Grant,
  apiPath: API,
  account: ({ organization }: z.infer<typeof Organization>) => `organizations/${organization}`,
  id: /[1-9]\d{0,15}/,
  scopes: ({ project }: z.infer<typeof Grant>) => [reachOf(project)],
  as: ({ admin }) => asBearer(admin.token),
  create: {
    path: ({ place }) => keysOf(place.organization),
    body: ({ name, grant: { project } }) => ({
      json: { key_name: name, ...(project !== undefined && { project_id: project }) },
    }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
  },
  list: { path: ({ place }) => keysOf(place.organization), answer: KeyList, pages: onePage },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => keysOf(place.organization) + pathOf`/${id}`,
    done: { status: 200, body: Revoked },
    gone: [404],
    proof: 'answer',
  },
  check: {
    path: () => SELF,
    headers: asBearer,
    verdicts: ({ place: { organization } }) => [
      ...whose(Auth, ({ account_id: id }) => id === organization, {
        another: `Neon takes this key for one of another account than ${organization}.`,
        source: AUTH,
      }),
      REFUSED,
    ],
  },
  identify: {
    by: 'nothing',
    another: ({ organization }) => Auth.refine(({ account_id: id }) => id !== organization),
  },
  // Whether it is a key that Neon takes, and whether it may see the keys of the first organization.
  examine: ({ token }, grants) => [
    {
      request: { method: 'GET', path: SELF, headers: asBearer(token) },
      verdicts: [{ outcome: 'active', status: 200, body: Auth.transform(() => ({})), source: AUTH }, REFUSED],
    },
    ...grants.slice(0, 1).map(({ organization }): Examination => ({
      request: { method: 'GET', path: keysOf(organization), headers: asBearer(token) },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: KeyList.transform(() => ({})),
          source: '@neondatabase/api-client, listOrgApiKeys',
        },
        REFUSED,
      ],
    })),
  ],
  adminValues: ({ token }) => [token],
});
