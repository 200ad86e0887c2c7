import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import type { Examination } from '../declared/declaration.ts';
import { asHeader } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { cursor } from '../declared/paging.ts';
import { whose } from '../declared/whose.ts';
import { valuesIn } from '../grant-values.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { CREATE, DELETE, OWN, SEARCH, SEARCH_ON, SELF, nameOf } from './queries.ts';
import {
  Admin,
  Grant,
  Invalid,
  KEY_ID,
  KeyPage,
  MadeKey,
  NewEntry,
  NextCursor,
  Own,
  Owner,
  Self,
  Total,
  deletedOf,
  ownerOf,
} from './schema.ts';

type Owner = z.infer<typeof Owner>;

const PATH = '/graphql';
const TUTORIAL = 'docs.newrelic.com, "NerdGraph tutorial: Manage API keys"';
const asKey = asHeader('api-key');

const asking = (query: string, variables: object = {}): { readonly json: unknown } => ({
  json: { query, variables },
});

/** Not listed, so unknown: a key of another region (403), and errors that come with status 200. */
const REFUSED: Verdict = {
  outcome: 'inactive',
  status: 401,
  body: Invalid,
  source:
    'newrelic/newrelic-client-go, pull request 603: an answer of NerdGraph; for a deleted key: ' +
    'trufflesecurity/trufflehog, pull request 4794',
};

/** Whether it is the very key that the grant names, in the account and of the user that it names. */
function ownVerdicts({ account, user, userKey, keyId }: Owner): readonly Verdict[] {
  const isIt = ({ user: asks, key }: z.infer<typeof Own>): boolean =>
    asks === user &&
    key.userId === user &&
    key.accountId === account &&
    key.id === keyId &&
    userKey.equals(new Secret(key.key));
  return [
    { outcome: 'active', status: 200, body: Own.refine(isIt).transform(() => ({})), source: TUTORIAL },
    {
      outcome: 'unknown',
      status: 200,
      body: Own.transform(
        () =>
          'The user key in a grant is not the one that its fields account, user and keyId name: correct ' +
          'them.',
      ),
      source: TUTORIAL,
    },
    REFUSED,
  ];
}

const Asked = z.object({ json: z.object({ query: z.string() }) });

export const newRelic = declared({
  descriptor,
  admin: Admin,
  place: Owner,
  grant: Grant,
  apiPath: PATH,
  account: ({ account, user }: Owner) => `accounts/${account}/users/${user}`,
  id: KEY_ID,
  called: ({ body }) => `${PATH} for ${nameOf(Asked.safeParse(body).data?.json.query)}`,
  as: ({ place }) => asKey(place.userKey),
  create: {
    path: () => PATH,
    body: ({ name, place: { account, user } }) =>
      asking(CREATE, { keys: { user: [{ accountId: account, userId: user, name }] } }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
    differs: (answer, { place: { account, user } }) =>
      answer.read(NewEntry)?.owner === ownerOf(account, user) ? undefined : 'another account or user',
  },
  list: {
    path: () => PATH,
    body: ({ place: { account, user } }, page) =>
      asking('cursor' in page ? SEARCH_ON : SEARCH, {
        query: { types: ['USER'], scope: { accountIds: [account], userIds: [user] } },
        ...page,
      }),
    answer: KeyPage,
    owner: ({ account, user }) => ownerOf(account, user),
    self: ({ place }) => place.keyId,
    pages: cursor('cursor', NextCursor, {}, Total),
  },
  // An id reaches keys of other users too, and that of the key that asks.
  revoke: {
    method: 'POST',
    path: () => PATH,
    body: (id) => asking(DELETE, { keys: { userKeyIds: [id] } }),
    done: { status: 200, body: deletedOf },
    gone: [],
    proof: 'answer',
    onlyOwn: true,
  },
  check: {
    method: 'POST',
    path: () => PATH,
    headers: asKey,
    body: () => asking(SELF),
    verdicts: ({ place: { user } }) => [
      ...whose(Self, ({ id }) => id === user, {
        another: `New Relic takes this key for one of another user than ${user}.`,
        source: 'newrelic/newrelic-client-go, pkg/users/types.go',
      }),
      REFUSED,
    ],
  },
  identify: { by: 'nothing', another: ({ user }) => Self.refine(({ id }) => id !== user) },
  examine: (_admin, grants) =>
    grants.map((grant): Examination => ({
      request: {
        method: 'POST',
        path: PATH,
        headers: asKey(grant.userKey),
        body: asking(OWN, { id: grant.keyId }),
        repeatable: true,
      },
      verdicts: ownVerdicts(grant),
    })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'userKey')),
});
