import * as z from 'zod';
import { asBearer } from '../declared/forms.ts';
import { DATABRICKS_OAUTH, LoginRefused, databricksLogin } from '../databricks-login.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { whose } from '../declared/whose.ts';
import { valuesIn } from '../grant-values.ts';
import type { HttpRequest } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Grant, Invalid, Login, MadeToken, NewEntry, Principal, Self, TokenList } from './schema.ts';

type Principal = z.infer<typeof Principal>;

const ME = 'databricks/terraform-provider-databricks, docs/data-sources/current_user.md';

/** Not listed, so unknown: an address that the workspace does not let in, a header that is missing. */
function verdictsFor(servicePrincipal: string): readonly Verdict[] {
  return [
    ...whose(Self, ({ userName }) => userName === servicePrincipal, {
      another: `Databricks takes this token for one of another identity than ${servicePrincipal}.`,
      source: ME,
    }),
    {
      outcome: 'inactive',
      status: 403,
      body: Invalid,
      source: 'databricks/databricks-sdk-go, issues 873, 917 and 1046',
    },
  ];
}

const loginOf = ({ servicePrincipal, oauthSecret }: Principal): HttpRequest =>
  databricksLogin(servicePrincipal, oauthSecret);

export const databricks = declared({
  descriptor,
  admin: Admin,
  place: Principal,
  grant: Grant,
  apiPath: '/api/2.0',
  account: ({ servicePrincipal }: Principal) => `servicePrincipals/${servicePrincipal}`,
  id: /[\w-]{1,128}/,
  as: { login: ({ place }) => loginOf(place), token: Login, headers: asBearer },
  create: {
    path: () => '/api/2.0/token/create',
    body: ({ name, seconds }) => ({ json: { comment: name, lifetime_seconds: seconds } }),
    made: MadeToken,
    entry: NewEntry,
    told: 'answer',
  },
  // All valid tokens of the caller.
  list: { path: () => '/api/2.0/token/list', answer: TokenList, pages: onePage },
  // The answer is an empty object, which anybody in between may give.
  revoke: {
    method: 'POST',
    path: () => '/api/2.0/token/delete',
    body: (id) => ({ json: { token_id: id } }),
    done: { status: 200 },
    gone: [404],
    proof: 'list',
  },
  check: {
    path: () => '/api/2.0/preview/scim/v2/Me',
    headers: asBearer,
    verdicts: ({ place }) => verdictsFor(place.servicePrincipal),
  },
  identify: {
    by: 'nothing',
    another: ({ servicePrincipal }) => Self.refine(({ userName }) => userName !== servicePrincipal),
  },
  examine: (_admin, grants) =>
    grants.map((grant) => ({
      request: loginOf(grant),
      verdicts: [
        { outcome: 'active', status: 200, body: Login.transform(() => ({})), source: DATABRICKS_OAUTH },
        {
          outcome: 'inactive',
          status: 401,
          body: LoginRefused,
          source: 'databricks/databricks-sql-nodejs, issue 279',
        },
      ],
    })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'oauthSecret')),
});
