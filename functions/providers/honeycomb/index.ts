import type * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { asBearer, asHeader } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { nextAddress } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Environment,
  Grant,
  KeyPage,
  MadeKey,
  MadeRights,
  Manager,
  ManagerRefused,
  NewEntry,
  NextPage,
  Self,
  Unknown,
} from './schema.ts';

const PROVIDER = 'honeycombio/terraform-provider-honeycombio';
const asKey = asHeader('x-honeycomb-team');

type Admin = z.infer<typeof Admin>;

const JSON_API = { 'content-type': 'application/vnd.api+json' };
const keysOf = (team: string): string => pathOf`/2/teams/${team}/api-keys`;
const asManager = ({ keyId, token }: Admin) => asBearer(new Secret(`${keyId}:${token.reveal()}`));

/** Not listed, so unknown: a key that is disabled, which somebody may enable again. */
function verdictsFor(team: string): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: Self.refine((self) => self.team.slug === team).transform(() => ({})),
      source: `docs.honeycomb.io, "List Authorizations"; ${PROVIDER}, client/auth.go`,
    },
    {
      outcome: 'unknown',
      status: 200,
      body: Self.transform(() => `Honeycomb takes this key for one of another team than ${team}.`),
      source: 'the same',
    },
    {
      outcome: 'inactive',
      status: 401,
      body: Unknown,
      source: 'answers of api.honeycomb.io, as users report them',
    },
  ];
}

export const honeycomb = declared({
  descriptor,
  admin: Admin,
  place: Environment,
  grant: Grant,
  apiPath: '/2',
  account: ({ environment }: z.infer<typeof Environment>) => `environments/${environment}`,
  id: /hc[a-z]ik_[a-z0-9]{20,40}/,
  as: ({ admin }) => asManager(admin),
  create: {
    path: ({ admin }) => keysOf(admin.team),
    headers: JSON_API,
    body: ({ name, place, grant }) => ({
      json: {
        data: {
          type: 'api-keys',
          attributes: {
            name,
            key_type: 'ingest',
            disabled: false,
            permissions: { create_datasets: grant.createDatasets },
          },
          relationships: { environment: { data: { id: place.environment, type: 'environments' } } },
        },
      },
    }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
    differs: (answer, { place, grant }) => {
      if (answer.read(NewEntry)?.owner !== place.environment) return 'another environment';
      return answer.read(MadeRights) === grant.createDatasets ? undefined : 'other permissions';
    },
  },
  // The list is of the whole team: each key names its environment.
  list: {
    path: ({ admin }) => keysOf(admin.team),
    query: { 'filter[type]': 'ingest', 'page[size]': '100' },
    answer: KeyPage,
    owner: ({ environment }) => environment,
    pages: nextAddress(NextPage),
  },
  revoke: {
    method: 'DELETE',
    path: ({ admin }, id) => keysOf(admin.team) + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
    onlyOwn: true,
  },
  // What is left out stays as it is (client/v2/api_keys_test.go, which asks api.honeycomb.io).
  toggle: {
    method: 'PATCH',
    path: ({ admin }, id) => keysOf(admin.team) + pathOf`/${id}`,
    headers: JSON_API,
    body: (wanted, _whole, id) => ({
      json: { data: { id, type: 'api-keys', attributes: { disabled: wanted === 'disabled' } } },
    }),
    entry: NewEntry,
  },
  check: {
    path: () => '/1/auth',
    headers: asKey,
    verdicts: ({ admin }) => verdictsFor(admin.team),
  },
  // The id and the secret are one text, which Honeycomb takes or refuses whole.
  identify: {
    by: 'list',
    match: (value, keys) => keys.find(({ id }) => value.reveal().startsWith(id)),
  },
  examine: (admin) => [
    {
      request: { method: 'GET', path: '/2/auth', headers: asManager(admin) },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: Manager.transform(() => ({})),
          source: `docs.honeycomb.io, "List Authorizations V2"; ${PROVIDER}, client/v2/client_test.go`,
        },
        {
          outcome: 'inactive',
          status: 401,
          body: ManagerRefused,
          source: `${PROVIDER}, client/v2/client_test.go, which asks api.honeycomb.io`,
        },
      ],
    },
  ],
  adminValues: ({ token }) => [token],
});
