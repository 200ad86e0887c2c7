import * as z from 'zod';
import { asPair, asUser } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { nextAddress } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Account, Admin, Grant, KeyPage, MadeKey, NewEntry, NextPage, OneMessage } from './schema.ts';

const API = '/2010-04-01';

/**
 * A user that Twilio does not know. Not listed, so unknown: `Authenticate`, which it says of a key without
 * rights and of a suspended account too.
 */
const REFUSED: Verdict = {
  outcome: 'inactive',
  status: 401,
  body: z.object({
    code: z.literal(20_003),
    message: z.literal('Authentication Error - invalid username'),
  }),
  source: 'answers of api.twilio.com, as users report them',
};

const VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: OneMessage.transform(() => ({})),
    source: 'twilio.com, "Messages resource", read multiple messages',
  },
  REFUSED,
];

const under = (account: string): string => API + pathOf`/Accounts/${account}`;

export const twilio = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  apiPath: API,
  account: ({ account }: z.infer<typeof Account>) => `Accounts/${account}`,
  id: /SK[0-9a-fA-F]{32}/,
  as: ({ admin }) => asUser(admin.user, admin.token),
  create: {
    path: ({ place }) => `${under(place.account)}/Keys.json`,
    body: ({ name }) => ({ form: { FriendlyName: name } }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
  },
  list: {
    path: ({ place }) => `${under(place.account)}/Keys.json`,
    query: { PageSize: '1000' },
    answer: KeyPage,
    pages: nextAddress(NextPage),
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => under(place.account) + pathOf`/Keys/${id}.json`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  // A standard key may not ask about itself, or about its account.
  check: {
    path: ({ place }) => `${under(place.account)}/Messages.json`,
    query: { PageSize: '1' },
    headers: asPair,
    verdicts: () => VERDICTS,
  },
  identify: {
    by: 'list',
    match: (value, keys) => keys.find(({ id }) => id === value.reveal().split(':')[0]),
  },
  examine: ({ user, token }, grants) =>
    grants.slice(0, 1).map(({ account }) => ({
      request: {
        method: 'GET',
        path: `${under(account)}/Keys.json`,
        query: { PageSize: '1' },
        headers: asUser(user, token),
      },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: KeyPage.transform(() => ({})),
          source: 'twilio/twilio-oai, twilio_api_v2010.json, ListKey',
        },
        REFUSED,
      ],
    })),
  adminValues: ({ token }) => [token],
});
