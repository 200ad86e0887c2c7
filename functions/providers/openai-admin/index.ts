import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import type { Headers } from '../declared/calls.ts';
import type { Examination } from '../declared/declaration.ts';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { cursor } from '../declared/paging.ts';
import { valuesIn } from '../grant-values.ts';
import { openaiRefusal } from '../openai-refusals.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Grant,
  KEY_ID,
  KeyPage,
  MadeKey,
  NewEntry,
  Next,
  Organization,
  OtherOrganization,
  deletedOf,
  isMaskOf,
  ownOf,
} from './schema.ts';

type Organization = z.infer<typeof Organization>;

const API = '/v1';
const KEYS = `${API}/organization/admin_api_keys`;
const SPEC = 'openai/openai-openapi, openapi.json';

/** The organization goes along: OpenAI refuses a key of another one. */
function headersOf(value: Secret, { organization }: Organization): Headers {
  return { ...asBearer(value), 'openai-organization': organization };
}

/** What else OpenAI may say of a key, whatever it is asked for with it. */
function refusalsOf(value: Secret, { organization }: Organization): readonly Verdict[] {
  return [
    {
      outcome: 'unknown',
      status: 401,
      body: OtherOrganization.transform(
        () => `OpenAI takes this key for one of another organization than ${organization}.`,
      ),
      source: 'answers of api.openai.com, as users report them (microsoft/foundry-dev-tools, issue 262)',
    },
    openaiRefusal(value),
  ];
}

/** Whether it is the very key that the grant names. */
function examinationOf(place: Organization): Examination {
  const { adminKey, keyId } = place;
  const source = `${SPEC}, admin-api-keys-get`;
  const other =
    'The admin API key in a grant is not the one that its field keyId names: correct one of them.';
  return {
    request: { method: 'GET', path: KEYS + pathOf`/${keyId}`, headers: headersOf(adminKey, place) },
    verdicts: [
      {
        outcome: 'active',
        status: 200,
        body: ownOf(keyId, isMaskOf(adminKey)).transform(() => ({})),
        source,
      },
      { outcome: 'unknown', status: 200, body: ownOf(keyId, () => true).transform(() => other), source },
      ...refusalsOf(adminKey, place),
    ],
  };
}

export const openaiAdmin = declared({
  descriptor,
  admin: Admin,
  place: Organization,
  grant: Grant,
  apiPath: API,
  account: ({ organization }: Organization) => `organizations/${organization}`,
  handlePrefix: 'admin_api_keys/',
  id: KEY_ID,
  as: ({ place }) => headersOf(place.adminKey, place),
  create: {
    path: () => KEYS,
    body: ({ name, seconds }) => ({ json: { name, expires_in_seconds: seconds } }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
  },
  // All admin API keys of the organization, the one that asks among them.
  list: {
    path: () => KEYS,
    answer: KeyPage,
    self: ({ place }) => place.keyId,
    pages: cursor('after', Next, { limit: '100' }),
  },
  // An id reaches the key that asks as well.
  revoke: {
    method: 'DELETE',
    path: (_at, id) => KEYS + pathOf`/${id}`,
    done: { status: 200, body: deletedOf },
    gone: [404],
    proof: 'answer',
    onlyOwn: true,
  },
  check: {
    path: () => KEYS,
    query: { limit: '1' },
    headers: (value, { place }) => headersOf(value, place),
    verdicts: ({ place }, value) => [
      {
        outcome: 'active',
        status: 200,
        body: KeyPage.transform(() => ({})),
        source: `${SPEC}, admin-api-keys-list`,
      },
      ...refusalsOf(value, place),
    ],
  },
  identify: { by: 'nothing', another: () => OtherOrganization, anotherAt: 401 },
  examine: (_admin, grants) => grants.map(examinationOf),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'adminKey')),
});
