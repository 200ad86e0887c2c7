import { BearerToken, asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Verdict } from '../verdicts.ts';
import { tokenRequest, tokensAt } from './assertion.ts';
import { descriptor } from './descriptor.ts';
import {
  Account,
  Admin,
  BadSignature,
  Empty,
  Grant,
  KeyList,
  MadeKey,
  NewKey,
  fileIn,
  nameOf,
} from './schema.ts';

/** To manage keys. */
const MANAGE = 'https://www.googleapis.com/auth/iam';
/** As good as nothing: the token is thrown away. */
const LEAST = 'https://www.googleapis.com/auth/userinfo.email';
const OAUTH = 'developers.google.com, "Using OAuth 2.0 for Server to Server Applications", JWT error codes';

const ACTIVE: Verdict = {
  outcome: 'active',
  status: 200,
  body: BearerToken.transform(() => ({})),
  source: OAUTH,
};
const REFUSED: Verdict = { outcome: 'inactive', status: 400, body: BadSignature, source: OAUTH };

/** The file says whose the key is. One of another service account may be ended by others at any time. */
function verdictsFor({ serviceAccount }: Account, value: Secret): readonly Verdict[] {
  const email = fileIn(value)?.client_email ?? serviceAccount;
  if (email === serviceAccount) return [ACTIVE, REFUSED];
  const another: Verdict = {
    outcome: 'unknown',
    status: 200,
    body: BearerToken.transform(
      () => `Google takes this key for one of another identity than ${serviceAccount}.`,
    ),
    source: OAUTH,
  };
  return [another, REFUSED];
}

const under = (account: Account): string =>
  `/v1/${nameOf(account)
    .split('/')
    .map((part) => pathOf`${part}`)
    .join('/')}/keys`;

export const googleIam = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  alone: { field: 'serviceAccount', kind: 'service account' },
  apiPath: '/v1',
  account: ({ serviceAccount }: Account) => `serviceAccounts/${serviceAccount}`,
  handlePrefix: 'keys/',
  id: /[0-9a-f]{1,64}/,
  asksAt: tokensAt,
  safe: [
    {
      status: 400,
      pattern: /"Invalid JWT Signature\."/,
      says: 'Google does not accept the admin key, which is deleted, disabled or expired',
      source: OAUTH,
    },
  ],
  as: {
    login: ({ admin, place }, around) =>
      tokenRequest(admin.key_base64, { scope: MANAGE, account: place.serviceAccount }, around),
    token: BearerToken,
    headers: asBearer,
  },
  create: {
    path: ({ place }) => under(place),
    body: () => ({
      json: { privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE', keyAlgorithm: 'KEY_ALG_RSA_2048' },
    }),
    made: MadeKey,
    entry: NewKey,
    told: 'answer',
    differs: (answer, { place }) =>
      answer.read(NewKey)?.owner === nameOf(place) ? undefined : 'another service account',
  },
  // All types: a list of those that people may have alone is an empty object where there are none, which
  // anybody may give.
  list: { path: ({ place }) => under(place), answer: KeyList, pages: onePage },
  // The answer is an empty object, which anybody in between may give.
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => under(place) + pathOf`/${id}`,
    done: { status: 200, body: Empty },
    gone: [404],
    proof: 'list',
  },
  toggle: {
    method: 'POST',
    path: ({ place }, id, wanted) =>
      `${under(place)}${pathOf`/${id}`}:${wanted === 'active' ? 'enable' : 'disable'}`,
    body: () => ({ json: {} }),
    entry: { done: { status: 200, body: Empty } },
  },
  check: {
    method: 'POST',
    path: () => '/token',
    headers: () => ({}),
    body: (value, { place }, around) =>
      tokenRequest(value, { scope: LEAST, account: place.serviceAccount }, around).body,
    verdicts: ({ place }, value) => verdictsFor(place, value),
  },
  identify: {
    by: 'list',
    match: (value, keys) => keys.find(({ id }) => id === fileIn(value)?.private_key_id),
  },
  examine: ({ key_base64: key }, [first], around) => [
    {
      request: tokenRequest(key, { scope: MANAGE, account: first?.serviceAccount ?? '' }, around),
      verdicts: [ACTIVE, REFUSED],
    },
  ],
  adminValues: ({ key_base64: key }) => [key],
});
