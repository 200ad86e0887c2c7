import * as z from 'zod';
import { asBearer, isoSeconds } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Account,
  Admin,
  Deleted,
  Grant,
  MadeToken,
  NewEntry,
  TokenPage,
  Total,
  Verified,
  wordsOf,
} from './schema.ts';

const VERIFY = 'cloudflare/cloudflare-typescript, src/resources/accounts/tokens, verify';

/**
 * What `verify` says of the token that asks. Not listed, so unknown: a malformed header (6003), too few
 * rights (9109).
 */
const VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: Verified.extend({
      result: Verified.shape.result.extend({ status: z.literal('active') }),
    }).transform(({ result: { expires_on: expiresAt } }) => (expiresAt ? { expiresAt } : {})),
    source: VERIFY,
  },
  {
    outcome: 'unknown',
    status: 200,
    body: Verified.transform(() => 'Cloudflare knows the token and calls it disabled or expired.'),
    source: VERIFY,
  },
  {
    outcome: 'inactive',
    status: 401,
    body: z.object({
      success: z.literal(false),
      errors: z.tuple([z.object({ code: z.literal(1000), message: z.literal('Invalid API Token') })]),
    }),
    source: 'answers of api.cloudflare.com, as users report them',
  },
];

const tokensOf = (account: string): string => pathOf`/client/v4/accounts/${account}/tokens`;

export const cloudflare = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  apiPath: '/client/v4',
  account: ({ account }: z.infer<typeof Account>) => `accounts/${account}`,
  id: /[A-Za-z0-9_-]{1,64}/,
  scopes: ({ policies }: z.infer<typeof Grant>) => wordsOf(policies),
  as: ({ admin }) => asBearer(admin.token),
  create: {
    path: ({ place }) => tokensOf(place.account),
    body: ({ name, grant, expiresAt }) => ({
      json: { name, policies: grant.policies, expires_on: isoSeconds(expiresAt) },
    }),
    made: MadeToken,
    entry: NewEntry,
    told: 'answer',
  },
  list: {
    path: ({ place }) => tokensOf(place.account),
    query: { include_expired: 'true' },
    answer: TokenPage,
    pages: pageNumber({ parameter: 'page', size: ['per_page', 50], total: Total }),
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => tokensOf(place.account) + pathOf`/${id}`,
    done: { status: 200, body: Deleted },
    gone: [404],
    proof: 'answer',
  },
  check: {
    path: ({ place }) => `${tokensOf(place.account)}/verify`,
    headers: asBearer,
    verdicts: () => VERDICTS,
  },
  identify: { by: 'answer', id: Verified.transform(({ result }) => result.id) },
  // The account of the first grant: an account token is asked about where it belongs.
  examine: ({ token }, grants) =>
    grants.slice(0, 1).map(({ account }) => ({
      request: { method: 'GET', path: `${tokensOf(account)}/verify`, headers: asBearer(token) },
      verdicts: VERDICTS,
    })),
  adminValues: ({ token }) => [token],
});
