import * as z from 'zod';
import type { Examination } from '../declared/declaration.ts';
import { asUser, asWord } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { valuesIn } from '../grant-values.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Grant, Invalidated, KeyList, MadeKey, NewEntry, SelfOfKey, User, wordsOf } from './schema.ts';
import { keyVerdicts, passwordVerdicts } from './verdicts.ts';

const KEYS = '/_security/api_key';
const SELF = '/_security/_authenticate';

export const elasticsearch = declared<z.infer<typeof Admin>, User, Grant>({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  apiPath: '/_security',
  account: ({ user }) => `_security/user/${user}`,
  id: /[\w-]{1,100}/,
  scopes: ({ roles }) => wordsOf(roles),
  as: ({ place }) => asUser(place.user, place.password),
  create: {
    path: () => KEYS,
    body: ({ name, grant, seconds }) => ({
      json: { name, expiration: `${seconds}s`, role_descriptors: grant.roles },
    }),
    made: MadeKey,
    entry: NewEntry,
    told: 'list',
  },
  // Whoever has manage_own_api_key alone sees and ends no other keys than its own, and has to say so.
  list: { path: () => KEYS, query: { owner: 'true' }, answer: KeyList, pages: onePage },
  // 200 also where nothing was ended: the answer names what was.
  revoke: {
    method: 'DELETE',
    path: () => KEYS,
    body: (id) => ({ json: { ids: [id], owner: true } }),
    done: { status: 200, body: Invalidated },
    gone: [404],
    proof: 'answer',
  },
  check: {
    path: () => SELF,
    headers: asWord('ApiKey'),
    verdicts: ({ place }) => keyVerdicts(place.user),
  },
  identify: {
    by: 'answer',
    id: SelfOfKey.transform((self) => self.api_key.id),
    another: ({ user }) => SelfOfKey.refine(({ username }) => username !== user),
  },
  examine: (_admin, users) =>
    users.map(({ user, password }): Examination => ({
      request: { method: 'GET', path: SELF, headers: asUser(user, password) },
      verdicts: passwordVerdicts(user),
    })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'password')),
});
