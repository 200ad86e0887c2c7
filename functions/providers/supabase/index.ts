import type * as z from 'zod';
import type { Headers } from '../declared/calls.ts';
import { UUID, asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onlyOne } from '../declared/whose.ts';
import { onePage } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Grant,
  KeyList,
  MadeKey,
  NewEntry,
  NoSuchUser,
  NotAdmin,
  Project,
  ROLE,
  Unregistered,
  deletedOf,
  markerOf,
  nameOf,
} from './schema.ts';

type Project = z.infer<typeof Project>;

/** Asks for a user whom no project has. */
const NOBODY = '/auth/v1/admin/users/00000000-0000-4000-8000-000000000000';
const AUTH = 'supabase/auth bc32168e, internal/api';

/** No value is shown but that of a new key. */
const HIDDEN = { reveal: 'false' };

/** Where projects are, of the address at which they are managed. */
const PROJECTS: ReadonlyMap<string, string> = new Map([['https://api.supabase.com', 'supabase.co']]);

/** Each project has a host of its own. */
function projectAt(url: string, place?: Project): string {
  if (place === undefined) return url;
  const domain = PROJECTS.get(url) ?? new URL(url).host.replace(/^api\./, '');
  return `https://${place.project}.${domain}`;
}

const keysOf = ({ project }: Project): string => pathOf`/v1/projects/${project}/api-keys`;

/** A key alone in its header: beside `Authorization` it would be taken for a token of a user. */
const asKey = (value: Secret): Headers => ({ apikey: value });

export const supabase = declared({
  descriptor,
  admin: Admin,
  place: Project,
  grant: Grant,
  atOrigin: true,
  account: ({ project }: Project) => `projects/${project}`,
  id: UUID,
  names: { of: nameOf, back: markerOf },
  scopes: () => [ROLE],
  asksAt: projectAt,
  as: ({ admin }) => asBearer(admin.token),
  create: {
    path: ({ place }) => keysOf(place),
    query: () => ({ reveal: 'true' }),
    body: ({ name }) => ({ json: { type: 'secret', name, secret_jwt_template: { role: ROLE } } }),
    made: MadeKey,
    entry: NewEntry,
    told: 'answer',
  },
  list: { path: ({ place }) => keysOf(place), query: HIDDEN, answer: KeyList, pages: onePage },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => keysOf(place) + pathOf`/${id}`,
    done: { status: 200, body: deletedOf },
    gone: [404],
    proof: 'answer',
  },
  check: {
    path: () => NOBODY,
    headers: asKey,
    verdicts: () => [
      {
        outcome: 'active',
        status: 404,
        body: NoSuchUser.transform(() => ({})),
        source: `supabase.com, "UNAUTHORIZED_MISSING_API_KEY on admin endpoints"; ${AUTH}/admin.go`,
      },
      {
        outcome: 'inactive',
        status: 401,
        body: Unregistered,
        source: 'answers of projects to deleted keys, as users report them, 2026-08 and 2026-09',
      },
      {
        outcome: 'unknown',
        status: 403,
        body: NotAdmin.transform(() => `Supabase takes this key for one of another role than ${ROLE}.`),
        source: `${AUTH}/auth.go, requireAdmin`,
      },
    ],
  },
  // By the start of the value. A value that the project accepts is that of a listed key.
  identify: {
    by: 'list',
    match: (value, keys) =>
      onlyOne(keys.filter(({ mask }) => mask !== undefined && value.reveal().startsWith(mask))),
  },
  // In which words a token is refused is not documented, so that no refusal is listed.
  examine: ({ token }, grants) =>
    grants.map((place) => ({
      request: { method: 'GET', path: keysOf(place), query: HIDDEN, headers: asBearer(token) },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: KeyList.transform(() => ({})),
          source: 'supabase/cli 1d1e7191, packages/api/src/generated/openapi.json, v1-get-project-api-keys',
        },
      ],
    })),
  adminValues: ({ token }) => [token],
});
