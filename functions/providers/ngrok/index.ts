import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { nextAddress } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Grant,
  Invalid,
  KeyOwner,
  KeyPage,
  MadeKey,
  NewEntry,
  NextPage,
  Owner,
  ServiceUser,
} from './schema.ts';

const KEYS = '/api_keys';

/** Without the version ngrok answers nothing. Source: ngrok.com, ERR_NGROK_218. */
const asKey = (value: Secret) => ({ ...asBearer(value), 'ngrok-version': '2' });

/**
 * Not listed, so unknown: a key that may not do what it is asked, and an authtoken in the place of a key
 * (206, 207), which a person stored there.
 */
const REFUSED: Verdict = {
  outcome: 'inactive',
  status: 403,
  body: Invalid,
  source: 'ngrok.com, ERR_NGROK_202 and ERR_NGROK_203; ngrok/ngrok-operator, pull request 524',
};

export const ngrok = declared({
  descriptor,
  admin: Admin,
  place: Owner,
  grant: Grant,
  account: ({ owner }: z.infer<typeof Owner>) => `owners/${owner}`,
  id: /[A-Za-z0-9_]{1,64}/,
  as: ({ admin }) => asKey(admin.token),
  create: {
    path: () => KEYS,
    body: ({ name, place }) => ({ json: { description: name, owner_id: place.owner } }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
    differs: (answer, { place }) =>
      answer.read(KeyOwner)?.owner_id === place.owner ? undefined : 'another owner',
  },
  list: {
    path: () => KEYS,
    query: { limit: '100' },
    answer: KeyPage,
    owner: ({ owner }) => owner,
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
    path: ({ place }) => pathOf`/service_users/${place.owner}`,
    headers: asKey,
    verdicts: ({ place }) => [
      {
        outcome: 'active',
        status: 200,
        body: ServiceUser.refine(({ id }) => id === place.owner).transform(() => ({})),
        source: 'ngrok/ngrok-api-go, service_users/client.go and datatypes.go',
      },
      REFUSED,
    ],
  },
  identify: { by: 'nothing' },
  examine: ({ token }) => [
    {
      request: { method: 'GET', path: KEYS, query: { limit: '1' }, headers: asKey(token) },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: KeyPage.transform(() => ({})),
          source: 'ngrok/ngrok-api-go, api_keys/client.go',
        },
        REFUSED,
      ],
    },
  ],
  adminValues: ({ token }) => [token],
});
