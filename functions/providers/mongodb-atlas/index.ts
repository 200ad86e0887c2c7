import type * as z from 'zod';
import { BearerToken, asBearer, asUser } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import {
  ATLAS_LOGIN_VERDICTS,
  ATLAS_TOKEN_PATH,
  AtlasAdmin,
  CLIENT_CREDENTIALS,
  atlasLogin,
} from '../mongodb-atlas-api.ts';
import { pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { Account, Grant, MadeSecret, NewEntry, Secrets, isMaskOf } from './schema.ts';

type Account = z.infer<typeof Account>;

/** The version of the API in which service accounts came. */
const VERSION = 'application/vnd.atlas.2024-08-05+json';
const HOUR_SECONDS = 3_600;
const under = ({ organization, serviceAccount }: Account): string =>
  pathOf`/api/atlas/v2/orgs/${organization}/serviceAccounts/${serviceAccount}`;

export const mongodbAtlas = declared({
  descriptor,
  admin: AtlasAdmin,
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
    login: ({ admin }) => atlasLogin(admin.clientId, admin.clientSecret),
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
    path: () => ATLAS_TOKEN_PATH,
    headers: (value, { place }) => asUser(place.serviceAccount, value),
    body: () => CLIENT_CREDENTIALS,
    verdicts: () => ATLAS_LOGIN_VERDICTS,
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
  examine: ({ clientId, clientSecret }) => [
    { request: atlasLogin(clientId, clientSecret), verdicts: ATLAS_LOGIN_VERDICTS },
  ],
  adminValues: ({ clientSecret }) => [clientSecret],
});
