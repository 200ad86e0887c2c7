import * as z from 'zod';
import { asBearer, isoSeconds } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Grant, MadeToken, NewEntry, Self, Team, TokenPage, Total } from './schema.ts';

const SELF = '/api/v2/account/details';

const VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: Self.transform(() => ({})),
    source: 'developer.hashicorp.com, "Account API", "Get your account details"',
  },
  {
    outcome: 'inactive',
    status: 401,
    body: z.strictObject({
      errors: z.tuple([z.strictObject({ status: z.literal('401'), title: z.literal('unauthorized') })]),
    }),
    source: 'hashicorp/terraform, internal/command/login_test.go',
  },
];

export const hcpTerraform = declared({
  descriptor,
  admin: Admin,
  place: Team,
  grant: Grant,
  apiPath: '/api/v2',
  account: ({ team }: z.infer<typeof Team>) => `teams/${team}`,
  id: /at-[A-Za-z0-9]{1,40}/,
  as: ({ admin }) => asBearer(admin.token),
  create: {
    path: ({ place }) => pathOf`/api/v2/teams/${place.team}/authentication-tokens`,
    headers: { 'content-type': 'application/vnd.api+json' },
    body: ({ name, expiresAt }) => ({
      json: {
        data: {
          type: 'authentication-tokens',
          attributes: { description: name, 'expired-at': isoSeconds(expiresAt) },
        },
      },
    }),
    made: MadeToken,
    entry: NewEntry,
    told: 'answer',
  },
  // The list is the organization's: each token names its team.
  list: {
    path: ({ place }) => pathOf`/api/v2/organizations/${place.organization}/team-tokens`,
    answer: TokenPage,
    owner: ({ team }) => team,
    pages: pageNumber({ parameter: 'page[number]', size: ['page[size]', 100], total: Total }),
  },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => pathOf`/api/v2/authentication-tokens/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
    onlyOwn: true,
  },
  check: { path: () => SELF, headers: asBearer, verdicts: () => VERDICTS },
  identify: { by: 'nothing' },
  examine: ({ token }) => [
    { request: { method: 'GET', path: SELF, headers: asBearer(token) }, verdicts: VERDICTS },
  ],
  adminValues: ({ token }) => [token],
});
