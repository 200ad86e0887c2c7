import * as z from 'zod';
import { asPair, asUser } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { nextAddress } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Account,
  Admin,
  Environments,
  Grant,
  KeyPage,
  MadeKey,
  MadeOwner,
  NewEntry,
  NextPage,
} from './schema.ts';

const KEYS = '/iam/v2/api-keys';
const ENVIRONMENTS = '/org/v2/environments';

/** Of a Cloud API key, which all keys here are, this says that there is no such key. */
const UNKNOWN_KEY =
  /^invalid API key: make sure you're using a Cloud API Key and not a Cluster API Key(: https:\S+)?$/;

/** Not listed, so unknown: 401 in other words, and 403 for a key without any right. */
const VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: Environments.transform(() => ({})),
    source:
      'docs.confluent.io, "List of Environments"; confluentinc/terraform-provider-confluent asks the same',
  },
  {
    outcome: 'inactive',
    status: 401,
    body: z.object({
      errors: z.tuple([z.object({ status: z.literal('401'), detail: z.string().regex(UNKNOWN_KEY) })]),
    }),
    source: 'the answer of api.confluent.cloud, as users report it',
  },
];

export const confluentCloud = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  apiPath: '/iam/v2',
  account: ({ serviceAccount }: z.infer<typeof Account>) => `service-accounts/${serviceAccount}`,
  id: /[A-Za-z0-9_-]{1,255}/,
  as: ({ admin }) => asUser(admin.user, admin.token),
  create: {
    path: () => KEYS,
    body: ({ name, place }) => ({
      json: { spec: { display_name: name, owner: { id: place.serviceAccount } } },
    }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
    differs: (answer, { place }) => {
      const owner = answer.read(MadeOwner);
      return owner === undefined || owner === place.serviceAccount
        ? undefined
        : 'another service account, or a resource';
    },
  },
  // The list is of all keys that the admin credential may see: each names its owner.
  list: {
    path: () => KEYS,
    query: { page_size: '100' },
    answer: KeyPage,
    owner: ({ serviceAccount }) => serviceAccount,
    pages: nextAddress(NextPage),
  },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => KEYS + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
    onlyOwn: true,
  },
  check: {
    path: () => ENVIRONMENTS,
    query: { page_size: '1' },
    headers: asPair,
    verdicts: () => VERDICTS,
  },
  identify: {
    by: 'list',
    match: (value, keys) => keys.find(({ id }) => id === value.reveal().split(':')[0]),
  },
  examine: ({ user, token }) => [
    {
      request: {
        method: 'GET',
        path: ENVIRONMENTS,
        query: { page_size: '1' },
        headers: asUser(user, token),
      },
      verdicts: VERDICTS,
    },
  ],
  adminValues: ({ token }) => [token],
});
