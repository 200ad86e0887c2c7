import * as z from 'zod';
import { asHeader, isoSeconds } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Features,
  Grant,
  MadePlace,
  MadeToken,
  NewEntry,
  Place,
  Toggles,
  TokenList,
  ownerOf,
} from './schema.ts';

const TOKENS = '/api/admin/api-tokens';
const GUARD = 'Unleash/unleash, src/lib/middleware/api-token-middleware.ts';
const asToken = asHeader('authorization');

const VERDICTS: readonly Verdict[] = [
  {
    outcome: 'inactive',
    status: 401,
    body: z.strictObject({
      message: z.literal(
        'This endpoint requires an API token. Please add an authorization header to your request with ' +
          'a valid token',
      ),
    }),
    source: `${GUARD}: the same for a token that is not known`,
  },
  {
    outcome: 'unknown',
    status: 403,
    body: z
      .strictObject({
        message: z.literal('invalid token: expected a different token type for this endpoint'),
      })
      .transform(() => 'Unleash takes this token for one of another type than the grant names.'),
    source: GUARD,
  },
];

const ACTIVE = {
  client: {
    path: '/api/client/features',
    body: Features.transform(() => ({})),
    source: 'docs.getunleash.io, "Client API", features',
  },
  frontend: {
    path: '/api/frontend',
    body: Toggles.transform(() => ({})),
    source: 'docs.getunleash.io, "Frontend API"',
  },
} as const;

export const unleash = declared({
  descriptor,
  admin: Admin,
  place: Place,
  grant: Grant,
  apiPath: '/api',
  account: ({ project, environment }: z.infer<typeof Place>) =>
    pathOf`projects/${project}/environments/${environment}`,
  id: /[\w.~!*'()%-]{1,500}/,
  // A name may be given twice, and again.
  idsReturn: true,
  scopes: ({ type }: z.infer<typeof Grant>) => [type],
  // Newer versions call a token of a client one of a backend.
  scopeWord: (type) => (type === 'backend' ? 'client' : type),
  as: ({ admin }) => asToken(admin.token),
  create: {
    path: () => TOKENS,
    body: ({ name, place, grant, expiresAt }) => ({
      json: {
        tokenName: name,
        type: grant.type,
        environment: place.environment,
        projects: [place.project],
        expiresAt: isoSeconds(expiresAt),
      },
    }),
    made: MadeToken,
    entry: NewEntry,
    told: 'answer',
    differs: (answer, { place }) => {
      const made = answer.read(MadePlace);
      if (made?.secure) return 'a value that its list hides, so that only a person can revoke it';
      const { projects = [], environment } = made ?? {};
      const owner = ownerOf({ project: projects.join(), environment: environment ?? '' });
      return made === undefined || owner === ownerOf(place) ? undefined : 'another project or environment';
    },
  },
  // The list is the whole instance's, without pages.
  list: { path: () => TOKENS, answer: TokenList, owner: ownerOf, pages: onePage },
  // 200 also for a token that is not there.
  revoke: {
    method: 'DELETE',
    path: (_at, value) => TOKENS + pathOf`/${value}`,
    byValue: { called: `${TOKENS}/<value>` },
    done: { status: 200 },
    gone: [404],
    proof: 'list',
  },
  check: {
    path: ({ grant }) => ACTIVE[grant.type].path,
    headers: asToken,
    verdicts: ({ grant }) => {
      const { body, source } = ACTIVE[grant.type];
      return [{ outcome: 'active', status: 200, body, source }, ...VERDICTS];
    },
  },
  identify: {
    by: 'list',
    match: (value, tokens) => tokens.find((token) => token.value?.equals(value)),
  },
  examine: ({ token }) => [
    {
      request: { method: 'GET', path: TOKENS, headers: asToken(token) },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: TokenList.transform(() => ({})),
          source: 'Unleash/unleash, src/lib/routes/admin-api/api-token.ts',
        },
        {
          outcome: 'inactive',
          status: 401,
          body: z.object({ name: z.string(), message: z.literal('You must log in to use Unleash.') }),
          source:
            'Unleash/unleash, src/lib/middleware/authorization-middleware.ts: a token that is not known',
        },
      ],
    },
  ],
  adminValues: ({ token }) => [token],
});
