import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { BearerToken, asBearer, asUser } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { pathOf, type HttpRequest } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Account, Admin, Grant, MadeSecret, NewEntry, Refused, Secrets, isMaskOf } from './schema.ts';

type Account = z.infer<typeof Account>;

/** The version of the API in which service accounts came. */
const VERSION = 'application/vnd.atlas.2024-08-05+json';
const HOUR_SECONDS = 3_600;
const TOKEN = 'mongodb.com/docs/atlas, "Generate Service Account Token"';
const TOKEN_PATH = '/api/oauth/token';
const CLIENT_CREDENTIALS = { form: { grant_type: 'client_credentials' } } satisfies HttpRequest['body'];

/**
 * IP access lists apply to tokens and not to asking for one, so a refusal does not mean the address. Not
 * listed, so unknown: a client that has too many tokens (403), and a request that is wrong (400).
 */
const VERDICTS: readonly Verdict[] = [
  { outcome: 'active', status: 200, body: BearerToken.transform(() => ({})), source: TOKEN },
  { outcome: 'inactive', status: 401, body: Refused, source: TOKEN },
];

const under = ({ organization, serviceAccount }: Account): string =>
  pathOf`/api/atlas/v2/orgs/${organization}/serviceAccounts/${serviceAccount}`;

function loginOf(clientId: string, clientSecret: Secret): HttpRequest {
  return {
    method: 'POST',
    path: TOKEN_PATH,
    headers: asUser(clientId, clientSecret),
    body: CLIENT_CREDENTIALS,
    repeatable: true,
  };
}

export const mongodbAtlas = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  alone: { field: 'serviceAccount', kind: 'service account' },
  apiPath: '/api/atlas/v2',
  account: ({ organization, serviceAccount }: Account) =>
    `orgs/${organization}/serviceAccounts/${serviceAccount}`,
  clientId: ({ serviceAccount }) => serviceAccount,
  handlePrefix: 'secrets/',
  id: /[a-f0-9]{24}/,
  safe: [
    {
      status: 403,
      pattern: /"Access Token limit reached\. /,
      says: 'the service account holds 100 access tokens, and gets no more before one of them ends',
      source: 'mongodb.com/docs/mcp-server/remote-mcp/rate-limits',
    },
  ],
  as: {
    login: ({ admin }) => loginOf(admin.clientId, admin.clientSecret),
    token: BearerToken,
    headers: (token) => ({ ...asBearer(token), accept: VERSION }),
  },
  create: {
    path: ({ place }) => `${under(place)}/secrets`,
    headers: { 'content-type': VERSION },
    // Never more hours than were asked for; one of none would be no life at all.
    body: ({ seconds }) => ({
      json: { secretExpiresAfterHours: Math.max(1, Math.floor(seconds / HOUR_SECONDS)) },
    }),
    made: MadeSecret,
    entry: NewEntry,
    told: 'answer',
  },
  // The secrets are one property of their service account.
  list: {
    path: ({ place }) => under(place),
    answer: Secrets,
    noAccount: ({ organization, serviceAccount }) =>
      `Atlas knows no service account ${serviceAccount} in the organization ${organization}: correct the ` +
      'grant.',
    pages: onePage,
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => under(place) + pathOf`/secrets/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  check: {
    method: 'POST',
    path: () => TOKEN_PATH,
    headers: (value, { place }) => asUser(place.serviceAccount, value),
    body: () => CLIENT_CREDENTIALS,
    verdicts: () => VERDICTS,
  },
  // One mask that shows too little may be that of any value.
  identify: {
    by: 'list',
    match: (value, secrets) => {
      const fitting = secrets.filter(({ mask }) => isMaskOf(value, mask) !== false);
      const [one, another] = fitting;
      return another || isMaskOf(value, one?.mask) === undefined ? undefined : one;
    },
  },
  examine: ({ clientId, clientSecret }) => [{ request: loginOf(clientId, clientSecret), verdicts: VERDICTS }],
  adminValues: ({ clientSecret }) => [clientSecret],
});
