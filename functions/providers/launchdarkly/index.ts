import type * as z from 'zod';
import { asHeader } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { offset } from '../declared/paging.ts';
import { whose } from '../declared/whose.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Account,
  Admin,
  Caller,
  Grant,
  Invalid,
  Kind,
  MadeToken,
  NewEntry,
  TokenPage,
  wordsOf,
} from './schema.ts';

const TOKENS = '/api/v2/tokens';
const SELF = '/api/v2/caller-identity';

/** Without a word before it. Source: launchdarkly.com, REST API, "Authentication using request header". */
const asToken = asHeader('authorization');

function verdictsFor(account: string): readonly Verdict[] {
  return [
    ...whose(Caller, ({ accountId }) => accountId === account, {
      another: `LaunchDarkly takes this token for one of another account than ${account}.`,
      source: 'launchdarkly/api-client-typescript, api.ts, CallerIdentityRep',
    }),
    {
      outcome: 'inactive',
      status: 401,
      body: Invalid,
      source: 'answers of app.launchdarkly.com without a valid token, as users report them',
    },
  ];
}

export const launchdarkly = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  apiPath: '/api/v2',
  account: ({ account }: z.infer<typeof Account>) => `accounts/${account}`,
  id: /[0-9a-f]{24}/,
  scopes: wordsOf,
  as: ({ place }) => asToken(place.token),
  create: {
    path: () => TOKENS,
    body: ({ name, grant: { role, customRoleIds, apiVersion } }) => ({
      json: {
        name,
        serviceToken: true,
        defaultApiVersion: apiVersion,
        ...(role !== undefined && { role }),
        ...(customRoleIds && { customRoleIds }),
      },
    }),
    made: MadeToken,
    entry: NewEntry,
    told: 'answer',
    differs: (answer, { grant }) => {
      const kind = answer.read(Kind);
      if (!kind) return 'no word that it is a service token, or of its version of the API';
      return kind.defaultApiVersion === grant.apiVersion ? undefined : 'another version of the API';
    },
  },
  // `totalCount` is documented as the number of those in the answer: only an empty page is an end.
  list: {
    path: () => TOKENS,
    answer: TokenPage,
    pages: offset({ parameter: 'offset', size: ['limit', 100] }),
  },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => TOKENS + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  check: { path: () => SELF, headers: asToken, verdicts: ({ place }) => verdictsFor(place.account) },
  identify: {
    by: 'answer',
    id: Caller.transform(({ tokenId }) => tokenId),
    another: ({ account }) => Caller.refine(({ accountId }) => accountId !== account),
  },
  examine: (_admin, grants) =>
    grants.map(({ account, token }) => ({
      request: { method: 'GET', path: SELF, headers: asToken(token) },
      verdicts: verdictsFor(account),
    })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'token')),
});
