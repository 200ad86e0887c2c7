import type * as z from 'zod';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { wholeBy } from '../declared/paging.ts';
import { whose } from '../declared/whose.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf } from '../request.ts';
import type { SafeReason } from '../safe-reasons.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  DeviceList,
  Ending,
  Expired,
  Grant,
  Invalid,
  Locked,
  MadeToken,
  NewEntry,
  NewOwner,
  NoAdmin,
  NoUser,
  Self,
  SelfDevice,
  Total,
  User,
} from './schema.ts';

type User = z.infer<typeof User>;

const SYNAPSE = 'Synapse 1.163.2, asked';
const SELF = '/_matrix/client/v3/account/whoami';

/** Not listed, so unknown: what stands before Synapse, and an account that expired. */
const REFUSED: readonly Verdict[] = [
  {
    outcome: 'inactive',
    status: 401,
    body: Invalid,
    source: `${SYNAPSE} with a deleted and a made-up token, and with one of a deactivated user`,
  },
  {
    outcome: 'inactive',
    status: 401,
    body: Expired,
    source: `${SYNAPSE} with a token of a homeserver that gives them an end`,
  },
];

function verdictsFor(user: string): readonly Verdict[] {
  return [
    ...whose(Self, (self) => self.user_id === user, {
      another: `Synapse takes this token for one of another user than ${user}.`,
      source: `${SYNAPSE} with a live token of this user, and of another`,
    }),
    {
      outcome: 'unknown',
      status: 401,
      body: Locked.transform(() => `Synapse has locked the user ${user}, and may unlock it again.`),
      source: `${SYNAPSE} with a live token of a locked user`,
    },
    ...REFUSED,
  ];
}

/** What the list of a user's devices says of the admin credential. */
function adminVerdictsFor(user: string): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: DeviceList.transform(() => ({})),
      source: `${SYNAPSE} with the token of a server admin`,
    },
    {
      outcome: 'unknown',
      status: 403,
      body: NoAdmin.transform(() => 'Synapse takes the token in the admin secret for no server admin.'),
      source: `${SYNAPSE} with the token of another user`,
    },
    {
      outcome: 'unknown',
      status: 404,
      body: NoUser.transform(() => `Synapse knows no user ${user}.`),
      source: `${SYNAPSE} for a user that there is not`,
    },
    ...REFUSED,
  ];
}

/** Source: Synapse 1.163.2, asked. */
const SAFE: readonly SafeReason[] = [
  { status: 403, pattern: /Invalid username or password/, source: SYNAPSE },
  { status: 403, pattern: /You are not a server admin/, source: SYNAPSE },
  { status: 404, pattern: /Unknown user/, source: SYNAPSE },
  { status: 400, pattern: /Can only lookup local users/, source: SYNAPSE },
  { status: 401, pattern: /User account has been locked/, source: SYNAPSE },
];

const devicesOf = (user: string): string => pathOf`/_synapse/admin/v2/users/${user}/devices`;

export const synapse = declared({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  apiPath: '/_matrix',
  account: ({ user }: User) => pathOf`users/${user}`,
  // Synapse makes ten capital letters; clients may choose others.
  id: /[\w.-]{1,255}/,
  safe: SAFE,
  as: ({ admin }) => asBearer(admin.token),
  create: {
    path: () => '/_matrix/client/v3/login',
    // Without the id of a device: Synapse then makes one that nothing else has.
    body: ({ name, place: { user, password } }) => ({
      json: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user },
        password: password.reveal(),
        initial_device_display_name: name,
      },
    }),
    made: MadeToken,
    entry: NewEntry,
    told: 'list',
    differs: (answer, { place }) => {
      if (answer.read(Ending)) return 'an end that the homeserver gives it and no list tells';
      return answer.read(NewOwner)?.user_id === place.user ? undefined : 'another user';
    },
  },
  list: { path: ({ place }) => devicesOf(place.user), answer: DeviceList, pages: wholeBy(Total) },
  // The answer is an empty object, whatever was there to delete.
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => devicesOf(place.user) + pathOf`/${id}`,
    done: { status: 200 },
    gone: [],
    proof: 'list',
  },
  check: { path: () => SELF, headers: asBearer, verdicts: ({ place }) => verdictsFor(place.user) },
  identify: {
    by: 'answer',
    id: SelfDevice,
    another: ({ user }) => Self.refine((self) => self.user_id !== user || self.device_id === undefined),
  },
  examine: ({ token }, grants) =>
    grants.map(({ user }) => ({
      request: { method: 'GET', path: devicesOf(user), headers: asBearer(token) },
      verdicts: adminVerdictsFor(user),
    })),
  adminValues: ({ token }, grants) => [token, ...grants.flatMap((grant) => valuesIn(grant, 'password'))],
});
