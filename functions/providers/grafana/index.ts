import * as z from 'zod';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Account, Admin, Grant, MadeToken, NewEntry, Self, TokenList } from './schema.ts';

const GUARD = 'grafana/grafana, pkg/services/authn/clients/api_key.go';
const SELF = '/api/user';

/**
 * The three words in which Grafana refuses a token itself. Not listed, so unknown: a token of another
 * organization.
 */
const REFUSED: readonly Verdict[] = [
  ['api-key.invalid', 'Invalid API key'],
  ['api-key.expired', 'Expired API key'],
  ['api-key.revoked', 'Revoked API key'],
].map(([messageId, message]): Verdict => ({
  outcome: 'inactive',
  status: 401,
  body: z.object({
    messageId: z.literal(messageId),
    message: z.literal(message),
    statusCode: z.literal(401),
  }),
  source: GUARD,
}));

const tokensOf = (serviceAccount: number): string => pathOf`/api/serviceaccounts/${serviceAccount}/tokens`;

export const grafana = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  account: ({ serviceAccount }: z.infer<typeof Account>) => `serviceaccounts/${serviceAccount}`,
  id: /[1-9]\d{0,15}/,
  as: ({ admin }) => asBearer(admin.token),
  create: {
    path: ({ place }) => tokensOf(place.serviceAccount),
    body: ({ name, seconds }) => ({ json: { name, secondsToLive: seconds } }),
    made: MadeToken,
    entry: NewEntry,
    told: 'list',
  },
  list: { path: ({ place }) => tokensOf(place.serviceAccount), answer: TokenList, pages: onePage },
  // Only that something was deleted is in the answer, in words that differ from version to version.
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => tokensOf(place.serviceAccount) + pathOf`/${id}`,
    done: { status: 200 },
    gone: [404],
    proof: 'list',
  },
  check: {
    path: () => SELF,
    headers: asBearer,
    verdicts: ({ place }) => [
      {
        outcome: 'active',
        status: 200,
        body: Self.extend({ id: z.literal(place.serviceAccount) }).transform(() => ({})),
        source: 'grafana.com, "User HTTP API", "Actual User"',
      },
      {
        outcome: 'unknown',
        status: 200,
        body: Self.transform(
          () => `Grafana takes this token for one of another account than ${place.serviceAccount}.`,
        ),
        source: 'the same',
      },
      ...REFUSED,
    ],
  },
  identify: {
    by: 'nothing',
    another: ({ serviceAccount }) => Self.refine(({ id }) => id !== serviceAccount),
  },
  examine: ({ token }) => [
    {
      request: { method: 'GET', path: SELF, headers: asBearer(token) },
      verdicts: [
        { outcome: 'active', status: 200, body: Self.transform(() => ({})), source: 'as for a token' },
        ...REFUSED,
      ],
    },
  ],
  adminValues: ({ token }) => [token],
});
