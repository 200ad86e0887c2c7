import type * as z from 'zod';
import { API_KEY_VERDICTS, VALIDATE_PATH, asApiKey, asKeyPair } from '../datadog-api.ts';
import { UUID } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { secondsDialect } from '../dialect.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Grant, KeyPage, MadeKey, MadeRight, NewEntry, Organization, Total } from './schema.ts';

const KEYS = '/api/v2/api_keys';

type Place = z.infer<typeof Organization>;

export const datadog = declared({
  descriptor,
  admin: Admin,
  place: Organization,
  grant: Grant,
  atOrigin: true,
  account: ({ organization }: Place) => `organizations/${organization}`,
  id: UUID,
  // Source: docs.datadoghq.com, "Rate Limits".
  dialect: secondsDialect('x-ratelimit-reset'),
  safe: [
    {
      status: 400,
      pattern: /You have exceeded the maximum number of permitted API keys/,
      says: 'The organization has as many API keys as Datadog lets it have: revoke some, or ask for more',
      source: 'DataDog/terraform-provider-datadog, pull request 4072',
    },
  ],
  as: ({ place }) => asKeyPair(place.apiKey, place.applicationKey),
  create: {
    path: () => KEYS,
    body: ({ name, grant }) => ({
      json: {
        data: {
          type: 'api_keys',
          attributes: { name, remote_config_read_enabled: grant.remoteConfiguration },
        },
      },
    }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
    differs: (answer, { grant }) =>
      answer.read(MadeRight) === grant.remoteConfiguration
        ? undefined
        : 'another right to read configuration',
  },
  list: {
    path: () => KEYS,
    query: { sort: 'created_at' },
    answer: KeyPage,
    pages: pageNumber({ parameter: 'page[number]', size: ['page[size]', 100], total: Total, from: 0 }),
  },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => KEYS + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  check: { path: () => VALIDATE_PATH, headers: asApiKey, verdicts: () => API_KEY_VERDICTS },
  identify: { by: 'nothing' },
  // The API key by itself; then whether both keys may see the list. A refusal of the pair can mean "may not".
  examine: (_admin, grants) =>
    grants.flatMap((grant) => [
      {
        request: { method: 'GET', path: VALIDATE_PATH, headers: asApiKey(grant.apiKey) },
        verdicts: API_KEY_VERDICTS,
      },
      {
        request: {
          method: 'GET',
          path: KEYS,
          query: { 'page[size]': '1' },
          headers: asKeyPair(grant.apiKey, grant.applicationKey),
        },
        verdicts: [
          {
            outcome: 'active',
            status: 200,
            body: KeyPage.transform(() => ({})),
            source: 'docs.datadoghq.com, "Get all API keys"',
          },
        ],
      },
    ]),
  adminValues: (_admin, grants) =>
    grants.flatMap((grant) => [...valuesIn(grant, 'apiKey'), ...valuesIn(grant, 'applicationKey')]),
});
