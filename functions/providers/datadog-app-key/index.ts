import type * as z from 'zod';
import { API_KEY_VERDICTS, VALIDATE_PATH, asApiKey, asKeyPair } from '../datadog-api.ts';
import { UUID } from '../declared/forms.ts';
import type { Examination } from '../declared/declaration.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { secondsDialect } from '../dialect.ts';
import { onlyOne } from '../declared/whose.ts';
import { pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { questionFor, type Asking } from './questions.ts';
import { Account, Admin, Grant, KeyPage, MadeKey, NewEntry, Total } from './schema.ts';

type Place = z.infer<typeof Account>;

/** Error: a `TypeError` for scopes that the schema of grants refuses. */
function asked({ scopes }: z.infer<typeof Grant>): Asking {
  const asking = questionFor(scopes);
  if (asking === undefined) throw new TypeError('nothing can be asked with a key that has these scopes');
  return asking;
}

const under = ({ serviceAccount }: Place): string =>
  pathOf`/api/v2/service_accounts/${serviceAccount}/application_keys`;

export const datadogAppKey = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  atOrigin: true,
  account: ({ serviceAccount }: Place) => `service_accounts/${serviceAccount}`,
  id: UUID,
  scopes: ({ scopes }: z.infer<typeof Grant>) => scopes,
  // Source: docs.datadoghq.com, "Rate Limits".
  dialect: secondsDialect('x-ratelimit-reset'),
  as: ({ admin }) => asKeyPair(admin.apiKey, admin.applicationKey),
  create: {
    path: ({ place }) => under(place),
    body: ({ name, scopes }) => ({
      json: { data: { type: 'application_keys', attributes: { name, scopes } } },
    }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
    differs: (answer) => (answer.read(NewEntry)?.scopes ? undefined : 'no scopes, so it may do anything'),
  },
  list: {
    path: ({ place }) => under(place),
    query: { sort: 'created_at' },
    answer: KeyPage,
    noAccount: ({ serviceAccount }) =>
      `Datadog knows no service account ${serviceAccount} in this organization: correct the grant.`,
    pages: pageNumber({ parameter: 'page[number]', size: ['page[size]', 100], total: Total, from: 0 }),
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => under(place) + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  // Datadog takes no application key alone. An API key by itself may read nothing.
  check: {
    path: ({ grant }) => asked(grant).path,
    query: ({ grant }) => asked(grant).query,
    headers: (value, { admin }) => asKeyPair(admin.apiKey, value),
    verdicts: ({ grant }) => asked(grant).verdicts,
  },
  // By the end of the value.
  identify: {
    by: 'list',
    match: (value, keys) =>
      onlyOne(keys.filter(({ mask }) => mask !== undefined && value.reveal().endsWith(mask))),
  },
  // The API key by itself; then whether both may see the lists. A refusal of the pair can mean "may not".
  examine: ({ apiKey, applicationKey }, grants) => [
    {
      request: { method: 'GET', path: VALIDATE_PATH, headers: asApiKey(apiKey) },
      verdicts: API_KEY_VERDICTS,
    },
    ...grants.map((grant): Examination => ({
      request: {
        method: 'GET',
        path: under(grant),
        query: { 'page[size]': '1' },
        headers: asKeyPair(apiKey, applicationKey),
      },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: KeyPage.transform(() => ({})),
          source: 'docs.datadoghq.com, "List application keys for this service account"',
        },
      ],
    })),
  ],
  adminValues: ({ apiKey, applicationKey }) => [apiKey, applicationKey],
});
