import type * as z from 'zod';
import { IdAlone, UUID, asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { cursor } from '../declared/paging.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Deleted, Grant, KeyPage, MadeKey, Next, Team, failureOf } from './schema.ts';

const KEYS = '/api-keys';
const ONE = { limit: '1' };
const ERRORS = 'resend.com, "Errors"';
const RESTRICTED = failureOf(401, 'restricted_api_key', 'This API key is restricted to only send emails');

/** Not listed, so unknown: a header that did not arrive (`missing_api_key`), a key that is suspended. */
const COMMON: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: KeyPage.transform(() => ({})),
    source: 'resend/resend-openapi, resend.yaml, api-keys/list',
  },
  {
    outcome: 'inactive',
    status: 400,
    body: failureOf(400, 'validation_error', 'API key is invalid'),
    source: `${ERRORS}: a key that does not exist or was deleted; the same to a deleted one on 2026-09-07`,
  },
];

export const resend = declared({
  descriptor,
  admin: Admin,
  place: Team,
  grant: Grant,
  account: ({ team }: z.infer<typeof Team>) => `teams/${team}`,
  id: UUID,
  as: ({ place }) => asBearer(place.token),
  create: {
    path: () => KEYS,
    body: ({ name, grant }) => ({
      json: {
        name,
        permission: grant.permission,
        ...(grant.domain !== undefined && { domain_id: grant.domain }),
      },
    }),
    made: MadeKey,
    entry: IdAlone,
    told: 'list',
  },
  list: { path: () => KEYS, answer: KeyPage, pages: cursor('after', Next, { limit: '100' }) },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => KEYS + pathOf`/${id}`,
    done: { status: 200, body: Deleted },
    gone: [404],
    proof: 'answer',
  },
  // A key that may send alone is told so, which says that there is such a key. Nothing is sent.
  check: {
    path: () => KEYS,
    query: ONE,
    headers: asBearer,
    verdicts: () => [
      ...COMMON,
      {
        outcome: 'active',
        status: 401,
        body: RESTRICTED.transform(() => ({})),
        source: `${ERRORS}, restricted_api_key; yc-software/qm, issue 353`,
      },
    ],
  },
  identify: { by: 'nothing' },
  examine: (_admin, grants) =>
    grants.map(({ token }) => ({
      request: { method: 'GET', path: KEYS, query: ONE, headers: asBearer(token) },
      verdicts: [
        ...COMMON,
        {
          outcome: 'unknown',
          status: 401,
          body: RESTRICTED.transform(
            () => 'Resend lets this key send emails alone: Keyturn needs one with full access.',
          ),
          source: `${ERRORS}, restricted_api_key`,
        },
      ],
    })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'token')),
});
