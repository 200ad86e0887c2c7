import * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { asHeader, isUuid, isoSeconds } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Account,
  Admin,
  Denied,
  Grant,
  KeyPage,
  MadeKey,
  MadeOf,
  NewEntry,
  Self,
  Total,
  partsOf,
  refusedFor,
} from './schema.ts';

const KEYS = '/iam/v1alpha1/api-keys';
const SDK = 'scaleway/scaleway-sdk-go, scw/errors.go';
const READ = 'scaleway/scaleway-sdk-go, api/iam/v1alpha1/iam_sdk.go';
const asToken = asHeader('x-auth-token');

/**
 * `invalid_argument` is also said where the header is empty, as after a proxy that takes it away: it says
 * something only of a text that is no secret key.
 */
function refusalsOf(secretKey: Secret): readonly Verdict[] {
  const reasons = isUuid(secretKey.reveal())
    ? ['not_found', 'expired']
    : ['not_found', 'expired', 'invalid_argument'];
  return reasons.map((reason) => ({
    outcome: 'inactive',
    status: 401,
    body: refusedFor(reason),
    source: `${SDK}, DeniedAuthenticationError; not_found: measured by stephrobert/pepin on 2026-09-21`,
  }));
}

/**
 * A key may ask about itself where its application has that right. Where it has not, Scaleway says so, and
 * says it of an active key alone.
 */
function verdictsFor(application: string, value: Secret): readonly Verdict[] {
  const { accessKey, secretKey } = partsOf(value);
  return [
    {
      outcome: 'active',
      status: 200,
      body: Self.extend({
        access_key: z.literal(accessKey),
        application_id: z.literal(application),
      }).transform(({ expires_at: end }) => (end === null ? {} : { expiresAt: end })),
      source: `${READ}, GetAPIKey`,
    },
    {
      outcome: 'unknown',
      status: 200,
      body: Self.transform(
        () => `Scaleway shows this key as another one, or as one of another application than ${application}.`,
      ),
      source: `${READ}, GetAPIKey`,
    },
    {
      outcome: 'active',
      status: 403,
      body: Denied.transform(() => ({})),
      source: `${SDK}, PermissionsDeniedError`,
    },
    ...refusalsOf(secretKey),
  ];
}

export const scaleway = declared({
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  apiPath: '/iam/v1alpha1',
  account: ({ application }: z.infer<typeof Account>) => `applications/${application}`,
  id: /SCW[A-Z0-9]{17}/,
  as: ({ admin }) => asToken(admin.token),
  create: {
    path: () => KEYS,
    body: ({ name, place, grant, expiresAt }) => ({
      json: {
        application_id: place.application,
        description: name,
        expires_at: isoSeconds(expiresAt),
        ...(grant.project !== undefined && { default_project_id: grant.project }),
      },
    }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
    differs: (answer, { place, grant }) => {
      const made = answer.read(MadeOf);
      if (made?.application_id !== place.application) return 'another application';
      const project = grant.project ?? made.default_project_id;
      return made.default_project_id === project ? undefined : 'another default Project';
    },
  },
  list: {
    path: () => KEYS,
    query: ({ admin, place }) => ({
      organization_id: admin.organization,
      bearer_id: place.application,
      order_by: 'created_at_asc',
    }),
    answer: KeyPage,
    owner: ({ application }) => application,
    pages: pageNumber({ parameter: 'page', size: ['page_size', 100], total: Total }),
  },
  // An access key reaches the keys of the whole organization.
  revoke: {
    method: 'DELETE',
    path: (_at, id) => KEYS + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
    onlyOwn: true,
  },
  check: {
    path: (_at, value) => KEYS + pathOf`/${partsOf(value).accessKey}`,
    headers: (value) => asToken(partsOf(value).secretKey),
    verdicts: ({ place }, value) => verdictsFor(place.application, value),
  },
  // Nothing asks Scaleway whether the two parts of a value belong together.
  identify: {
    by: 'nothing',
    another: ({ application }) => Self.refine(({ application_id: other }) => other !== application),
  },
  examine: ({ organization, token }) => [
    {
      request: {
        method: 'GET',
        path: KEYS,
        query: { organization_id: organization, page_size: '1' },
        headers: asToken(token),
      },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: KeyPage.transform(() => ({})),
          source: `${READ}, ListAPIKeys`,
        },
        ...refusalsOf(token),
      ],
    },
  ],
  adminValues: ({ token }) => [token],
});
