import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { HOUR } from '../../core/basics/time.ts';
import { UUID, asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { whose } from '../declared/whose.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Grant,
  MadeRefresh,
  MadeScopes,
  MadeToken,
  NewEntry,
  Self,
  TokenList,
  User,
  isRevocable,
  refusal,
} from './schema.ts';

const API = '/access/api/v1';
const TOKENS = `${API}/tokens`;
const SELF = `${TOKENS}/me`;
const BY_ID = 'jfrog.com, "JFrog REST APIs", Get Token by ID';

const refused = (why: string, source: string): Verdict => ({
  outcome: 'inactive',
  status: 401,
  body: refusal(why),
  source,
});

/** What Artifactory takes and this service does not read: API keys, and reference tokens. */
const isReadElsewhere = (value: Secret): boolean => /^(AK|AP|cmVmdGtu)/.test(value.reveal());

/**
 * Not listed, so unknown: `signature`, which another platform's token has too; `audience`, which is about
 * where a token may be used; and 403, since a token may be kept from asking.
 */
function refusalsOf(value: Secret): readonly Verdict[] {
  return [
    refused('expired', 'jfrog/vault-plugin-secrets-artifactory, artifactory.go, getTokenByID'),
    refused('revoked', 'the same form; Artifactory 7.161.20 gives the same reason, as users report it'),
    ...(isReadElsewhere(value)
      ? []
      : [refused('parse', 'jfrog/terraform-provider-platform, issue 44: a value that is no token')]),
  ];
}

export const jfrog = declared({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  apiPath: '/access',
  account: ({ user }: z.infer<typeof User>) => `users/${user}`,
  id: UUID,
  // Source: jfrog.com, "Use the Revocable and Persistency Thresholds": the default of both, the higher one.
  shortest: { life: 6 * HOUR, why: 'JFrog does not revoke one that lives less than six hours' },
  as: ({ admin }) => asBearer(admin.token),
  create: {
    path: () => TOKENS,
    body: ({ name, seconds, place, grant }) => ({
      json: {
        username: place.user,
        scope: grant.scopes.join(' '),
        expires_in: seconds,
        refreshable: false,
        include_reference_token: false,
        force_revocable: true,
        description: name,
      },
    }),
    made: MadeToken,
    entry: NewEntry,
    told: 'list',
    differs: (answer, { grant }) => {
      const value = answer.read(MadeToken)?.value;
      if (value && !isRevocable(value)) return 'no mark that it can be revoked';
      if (answer.read(MadeRefresh)) return 'a token that refreshes it';
      return answer.read(MadeScopes) === grant.scopes.toSorted().join(' ') ? undefined : 'other scopes';
    },
  },
  // An administrator sees the tokens of all users: the query leaves most out, and the owner all others.
  list: {
    path: () => TOKENS,
    query: ({ place }) => ({ username: place.user }),
    answer: TokenList,
    owner: ({ user }) => user,
    pages: onePage,
  },
  // 204 for one that is not there. What else an answer says stands nowhere, so the list is looked at.
  revoke: {
    method: 'DELETE',
    path: (_at, id) => TOKENS + pathOf`/${id}`,
    done: { status: 200 },
    gone: [],
    proof: 'list',
    onlyOwn: true,
  },
  check: {
    path: () => SELF,
    headers: asBearer,
    verdicts: ({ place }, value) => [
      ...whose(Self, ({ user }) => user === place.user, {
        another: `JFrog takes this token for one of another user than ${place.user}.`,
        source: BY_ID,
      }),
      ...refusalsOf(value),
    ],
  },
  identify: {
    by: 'answer',
    id: Self.transform(({ id }) => id),
    another: ({ user: own }) => Self.refine(({ user }) => user !== own),
  },
  examine: ({ token }) => [
    {
      request: { method: 'GET', path: SELF, headers: asBearer(token) },
      verdicts: [
        { outcome: 'active', status: 200, body: Self.transform(() => ({})), source: BY_ID },
        ...refusalsOf(token),
      ],
    },
  ],
  adminValues: ({ token }) => [token],
});
