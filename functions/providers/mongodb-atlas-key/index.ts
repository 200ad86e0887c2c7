import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { BearerToken, asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { whose } from '../declared/whose.ts';
import { ATLAS_LOGIN_VERDICTS, AtlasAdmin, atlasLogin } from '../mongodb-atlas-api.ts';
import { pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { asDigest } from './digest.ts';
import { Grant, KeyPage, MadeKey, NewEntry, Organization, Self } from './schema.ts';

type Place = z.infer<typeof Organization>;

/** The version of the API in which these calls are. */
const VERSION = 'application/vnd.atlas.2023-01-01+json';
const API = '/api/atlas/v2';
const under = ({ organization }: Place): string => API + pathOf`/orgs/${organization}/apiKeys`;

const publicKeyOf = (value: Secret): string | undefined => value.reveal().split(':')[0];

export const mongodbAtlasKey = declared({
  descriptor,
  admin: AtlasAdmin,
  place: Organization,
  grant: Grant,
  apiPath: API,
  account: ({ organization }: Place) => `orgs/${organization}`,
  handlePrefix: 'apiKeys/',
  id: /[a-f0-9]{24}/,
  scopes: ({ roles }: z.infer<typeof Grant>) => roles,
  as: {
    login: ({ admin }) => atlasLogin(admin.clientId, admin.clientSecret),
    token: BearerToken,
    headers: (token) => ({ ...asBearer(token), accept: VERSION }),
  },
  create: {
    path: ({ place }) => under(place),
    headers: { 'content-type': VERSION },
    body: ({ name, scopes }) => ({ json: { desc: name, roles: scopes } }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
  },
  // `totalCount` is "an estimate and may not be exact", so a page without keys is the end.
  list: {
    path: ({ place }) => under(place),
    query: { includeCount: 'false' },
    answer: KeyPage,
    noAccount: ({ organization }) =>
      `Atlas knows no organization ${organization} for this service account: correct the grant.`,
    pages: pageNumber({ parameter: 'pageNum', size: ['itemsPerPage', 500] }),
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => under(place) + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  // Every key may ask about itself. No refusal is listed: the 401 that holds the challenge says nothing of a
  // value, and the one after a proof may also mean a nonce that is too old, or an address.
  check: {
    path: () => API,
    headers: () => ({ accept: VERSION }),
    proves: asDigest,
    verdicts: ({ place: { organization } }, value) =>
      whose(
        Self,
        ({ apiKey: { publicKey, roles } }) =>
          publicKey === publicKeyOf(value) && roles.some(({ orgId }) => orgId === organization),
        {
          another: `Atlas takes this key for one of another organization than ${organization}.`,
          source:
            'mongodb.com/docs, Atlas Administration API, "Return the Status of This MongoDB Application"',
        },
      ),
  },
  identify: {
    by: 'list',
    match: (value, keys) => keys.find(({ mask }) => mask === publicKeyOf(value)),
  },
  examine: ({ clientId, clientSecret }) => [
    { request: atlasLogin(clientId, clientSecret), verdicts: ATLAS_LOGIN_VERDICTS },
  ],
  adminValues: ({ clientSecret }) => [clientSecret],
});
