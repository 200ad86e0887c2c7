import type * as z from 'zod';
import { BearerToken, asBearer, asUser } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { cursor } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import {
  ALL_APIS,
  DATABRICKS_OAUTH,
  DATABRICKS_TOKEN_PATH,
  LoginRefused,
  databricksLogin,
} from '../databricks-login.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Grant, MadeSecret, NewEntry, NextPage, Principal, SecretList } from './schema.ts';

type Principal = z.infer<typeof Principal>;

/** Not listed, so unknown: every refusal, since a missing permission has the words of a wrong secret. */
const VERDICTS: readonly Verdict[] = [
  { outcome: 'active', status: 200, body: BearerToken.transform(() => ({})), source: DATABRICKS_OAUTH },
];

/** The secrets of a service principal, as its workspace passes them on. */
const under = ({ servicePrincipal }: Principal): string =>
  pathOf`/api/2.0/accounts/servicePrincipals/${servicePrincipal}/credentials/secrets`;

export const databricksOauth = declared({
  descriptor,
  admin: Admin,
  place: Principal,
  grant: Grant,
  alone: { field: 'servicePrincipal', kind: 'service principal' },
  apiPath: '/api/2.0',
  account: ({ servicePrincipal }: Principal) => `servicePrincipals/${servicePrincipal}`,
  clientId: ({ applicationId }) => applicationId,
  handlePrefix: 'secrets/',
  id: /[\w-]{1,128}/,
  as: {
    login: ({ admin }) => databricksLogin(admin.clientId, admin.clientSecret),
    token: BearerToken,
    headers: asBearer,
  },
  create: {
    path: ({ place }) => under(place),
    // A duration as JSON of protocol buffers writes it, such as the default of 63072000s.
    body: ({ seconds }) => ({ json: { lifetime: `${seconds}s` } }),
    made: MadeSecret,
    entry: NewEntry,
    told: 'answer',
  },
  list: {
    path: ({ place }) => under(place),
    answer: SecretList,
    pages: cursor('page_token', NextPage),
  },
  // The answer is an empty object, which anybody in between may give.
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => `${under(place)}${pathOf`/${id}`}`,
    done: { status: 200 },
    gone: [404],
    proof: 'list',
  },
  check: {
    method: 'POST',
    path: () => DATABRICKS_TOKEN_PATH,
    headers: (value, { place }) => asUser(place.applicationId, value),
    body: () => ALL_APIS,
    verdicts: () => VERDICTS,
  },
  // The list shows a hash of each secret, and how it is made stands nowhere.
  identify: { by: 'nothing', refused: { status: 401, body: LoginRefused } },
  // An admin that lacks a permission has to be mended as well as one whose secret is wrong.
  examine: ({ clientId, clientSecret }) => [
    {
      request: databricksLogin(clientId, clientSecret),
      verdicts: [
        ...VERDICTS,
        {
          outcome: 'inactive',
          status: 401,
          body: LoginRefused,
          source: 'databricks/databricks-sql-nodejs, issue 279',
        },
      ],
    },
  ],
  adminValues: ({ clientSecret }) => [clientSecret],
});
