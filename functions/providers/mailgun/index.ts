import type * as z from 'zod';
import { asUser } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { wholeBy } from '../declared/paging.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { Account, Admin, Deleted, Grant, KeyList, MadeKey, NewEntry, OneDomain, Total } from './schema.ts';

const KEYS = '/v1/keys';
/** A key of another kind is none of these. */
const KIND = 'user';

/** Every key is the password of the same user. */
const asKey = (value: Secret) => asUser('api', value);

export const mailgun = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  atOrigin: true,
  account: ({ account }: z.infer<typeof Account>) => `accounts/${account}`,
  id: /[0-9a-f]{8}-[0-9a-f]{8}/,
  scopes: ({ role }: z.infer<typeof Grant>) => [role],
  as: ({ place }) => asKey(place.token),
  create: {
    path: () => KEYS,
    body: ({ name, seconds, grant }) => ({
      form: { role: grant.role, kind: KIND, description: name, expiration: String(seconds) },
    }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
    differs: (answer) => (answer.read(NewEntry)?.owner === KIND ? undefined : 'another kind'),
  },
  list: {
    path: () => KEYS,
    query: { kind: KIND },
    answer: KeyList,
    owner: () => KIND,
    pages: wholeBy(Total),
  },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => KEYS + pathOf`/${id}`,
    done: { status: 200, body: Deleted },
    gone: [404],
    proof: 'answer',
  },
  // All roles may read domains. Source: documentation.mailgun.com, "API Key Management". No refusal is
  // listed: an address that the IP allowlist of the account leaves out is refused in the same words.
  check: {
    path: () => '/v3/domains',
    query: { limit: '1' },
    headers: asKey,
    verdicts: () => [
      {
        outcome: 'active',
        status: 200,
        body: OneDomain.transform(() => ({})),
        source: 'documentation.mailgun.com, "Domains", GET /v3/domains',
      },
    ],
  },
  identify: {
    by: 'list',
    match: (value, keys) => keys.find(({ id }) => value.reveal().endsWith(`-${id}`)),
  },
  examine: (_admin, grants) =>
    grants.map(({ token }) => ({
      request: { method: 'GET', path: KEYS, query: { kind: KIND }, headers: asKey(token) },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: KeyList.transform(() => ({})),
          source: 'mailgun/mailgun.js, lib/Types/APIKeys/APIKeys.ts',
        },
      ],
    })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'token')),
});
