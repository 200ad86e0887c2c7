import type * as z from 'zod';
import type { Entry } from '../declared/calls.ts';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { linkWithResults } from '../declared/paging.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Grant, KeptByUpdates, KeyPage, MadeKey, NewEntry, Project, Refused } from './schema.ts';

const API = '/api/0';

type Project = z.infer<typeof Project>;

const keysOf = ({ organization, project }: Project): string =>
  API + pathOf`/projects/${organization}/${project}/keys/`;
const keyOf = (place: Project, id: string): string => keysOf(place) + pathOf`${id}/`;

/**
 * A DSN is known by its key and the project in it: its host may be written as it was before Sentry had
 * regions.
 */
function isDsnOf(value: Secret, { id, value: shown }: Entry): boolean {
  const [one, other] = [value.reveal(), shown?.reveal() ?? ''].map((text) =>
    URL.canParse(text) ? new URL(text) : undefined,
  );
  return (
    one !== undefined &&
    other !== undefined &&
    one.username === id &&
    one.pathname.split('/').at(-1) === other.pathname.split('/').at(-1)
  );
}

export const sentry = declared({
  descriptor,
  admin: Admin,
  place: Project,
  grant: Grant,
  apiPath: API,
  account: ({ organization, project }: Project) => `projects/${organization}/${project}`,
  id: /[0-9a-f]{32}/,
  as: ({ admin }) => asBearer(admin.token),
  create: {
    path: ({ place }) => keysOf(place),
    body: ({ name }) => ({ json: { name } }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
  },
  list: {
    path: ({ place }) => keysOf(place),
    answer: KeyPage,
    pages: linkWithResults,
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => keyOf(place, id),
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  toggle: {
    method: 'PUT',
    path: ({ place }, id) => keyOf(place, id),
    whole: KeptByUpdates,
    body: (wanted, whole) => ({ json: { isActive: wanted === 'active', ...whole } }),
    entry: NewEntry,
  },
  check: 'by-list',
  identify: { by: 'list', match: (value, keys) => keys.find((key) => isDsnOf(value, key)) },
  examine: ({ token }, grants) =>
    grants.slice(0, 1).map((place) => ({
      request: { method: 'GET', path: keysOf(place), headers: asBearer(token) },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: KeyPage.transform(() => ({})),
          source: "getsentry/sentry-api-schema, List a Project's Client Keys",
        },
        {
          outcome: 'inactive',
          status: 401,
          body: Refused,
          source: 'getsentry/sentry, src/sentry/api/authentication.py; answers that users report',
        },
      ],
    })),
  adminValues: ({ token }) => [token],
});
