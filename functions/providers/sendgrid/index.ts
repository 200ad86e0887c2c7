import * as z from 'zod';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Account, Admin, Grant, KeyList, MadeKey, NewEntry, Scopes } from './schema.ts';

const KEYS = '/v3/api_keys';
const SELF = '/v3/scopes';

const VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: Scopes.transform(() => ({})),
    source: 'twilio/sendgrid-oai, tsg_scopes_v3.json, GET /v3/scopes',
  },
  {
    outcome: 'inactive',
    status: 401,
    body: z.object({
      errors: z.tuple([
        z.object({
          message: z.literal('The provided authorization grant is invalid, expired, or revoked'),
        }),
      ]),
    }),
    source: 'answers of api.sendgrid.com, as users report them',
  },
];

/** SendGrid gives these to every key. */
const ADDED = /^(2fa_|sender_verification_)/;

export const sendgrid = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  apiPath: '/v3',
  account: ({ subuser }: z.infer<typeof Account>) =>
    subuser === undefined ? 'account' : pathOf`subusers/${subuser}`,
  id: /[\w-]{1,64}/,
  as: ({ admin, place: { subuser } }) => ({
    ...asBearer(admin.token),
    ...(subuser !== undefined && { 'on-behalf-of': subuser }),
  }),
  create: {
    path: () => KEYS,
    body: ({ name, grant }) => ({ json: { name, scopes: grant.scopes } }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
    differs: (answer, { grant }) => {
      const made = answer.read(Scopes)?.scopes.filter((scope) => !ADDED.test(scope));
      return made?.toSorted().join() === grant.scopes.toSorted().join() ? undefined : 'other scopes';
    },
  },
  // There are 100 keys at most.
  list: { path: () => KEYS, query: { limit: '100' }, answer: KeyList, pages: onePage },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => KEYS + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  check: { path: () => SELF, headers: asBearer, verdicts: () => VERDICTS },
  identify: {
    by: 'list',
    match: (value, keys) => keys.find(({ id }) => id === value.reveal().split('.')[1]),
  },
  examine: ({ token }) => [
    { request: { method: 'GET', path: SELF, headers: asBearer(token) }, verdicts: VERDICTS },
  ],
  adminValues: ({ token }) => [token],
});
