import type * as z from 'zod';
import type { Instant } from '../../core/basics/time.ts';
import { asBearer, isoSeconds } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { onlyOne, whose } from '../declared/whose.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Grant,
  Invalid,
  MadeToken,
  NewEntry,
  OutOfScope,
  Self,
  TokenPage,
  Total,
  User,
} from './schema.ts';

const TOKENS = '/v4/profile/tokens';
const SELF = '/v4/profile';

const REFUSED: Verdict = {
  outcome: 'inactive',
  status: 401,
  body: Invalid,
  source:
    'linode/cluster-api-provider-linode, pull request 1001; linode/terraform-provider-linode, issue 325',
};

const whoIs = (user: string): readonly Verdict[] => [
  ...whose(Self, ({ username }) => username === user, {
    another: `Linode takes this token for one of another user than ${user}.`,
    source: 'techdocs.akamai.com, "Get a profile"',
  }),
  REFUSED,
];

/** UTC without a word about it, as the library sends it. Source: linode/linodego, profile_tokens.go. */
const withoutZone = (at: Instant): string => isoSeconds(at).replace(/Z$/, '');

export const linode = declared({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  apiPath: '/v4',
  account: ({ user }: z.infer<typeof User>) => pathOf`users/${user}`,
  id: /[1-9]\d{0,15}/,
  scopes: ({ scopes }: z.infer<typeof Grant>) => scopes,
  as: ({ place }) => asBearer(place.token),
  create: {
    path: () => TOKENS,
    body: ({ name, scopes, expiresAt }) => ({
      json: { label: name, scopes: scopes.join(' '), expiry: withoutZone(expiresAt) },
    }),
    made: MadeToken,
    entry: NewEntry,
    told: 'answer',
  },
  list: {
    path: () => TOKENS,
    answer: TokenPage,
    pages: pageNumber({ parameter: 'page', size: ['page_size', 100], total: Total }),
  },
  // The answer is an empty object, which anybody in between may give.
  revoke: {
    method: 'DELETE',
    path: (_at, id) => TOKENS + pathOf`/${id}`,
    done: { status: 200 },
    gone: [404],
    proof: 'list',
  },
  check: {
    path: () => SELF,
    headers: asBearer,
    verdicts: ({ place }) => [
      ...whoIs(place.user),
      {
        // Said of a token that Linode knows: what it does not know is called invalid.
        outcome: 'active',
        status: 401,
        body: OutOfScope.transform(() => ({})),
        source: 'linode/docs, "Your OAuth token is not authorized to use this endpoint"',
      },
    ],
  },
  identify: {
    by: 'list',
    match: (value, tokens) => onlyOne(tokens.filter(({ mask }) => mask === value.reveal().slice(0, 16))),
  },
  examine: (_admin, grants) =>
    grants.map(({ user, token }) => ({
      request: { method: 'GET', path: SELF, headers: asBearer(token) },
      verdicts: whoIs(user),
    })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'token')),
});
