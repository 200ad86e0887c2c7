import type { Verdict } from '../verdicts.ts';
import {
  Denied,
  FromElsewhere,
  Login,
  Refused,
  RoleId,
  RoleRules,
  Shown,
  isTooShort,
  type Role,
} from './schema.ts';

const LOGIN =
  'openbao/openbao df6ce2ce and hashicorp/vault 051cff95, builtin/credential/approle/path_login.go';
const ROLES = 'openbao/openbao df6ce2ce, internal/builtin/credential/approle/path_role.go';
const STATUSES = 'openbao/openbao df6ce2ce, sdk/logical/response_util.go';

/**
 * What a login with a secret ID says. No refusal counts as one: Vault refuses a dead secret ID in the words
 * in which it refuses a role_id that it does not know, and a role that is locked after failed logins in
 * those of any token that may not.
 */
export function loginVerdicts({ role }: Role): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: Login.refine((name) => name === role).transform(() => ({})),
      source: LOGIN,
    },
    {
      outcome: 'unknown',
      status: 200,
      body: Login.transform(() => `Vault takes this secret ID for one of another role than ${role}.`),
      source: LOGIN,
    },
    {
      outcome: 'unknown',
      status: 400,
      body: Refused.transform(
        () => 'Vault refuses the secret ID, or it knows no such role_id: it says both in the same words.',
      ),
      source: LOGIN,
    },
    {
      outcome: 'unknown',
      status: 400,
      body: FromElsewhere.transform(
        () =>
          'Vault takes this secret ID from some addresses alone: the addresses that Keyturn calls from are ' +
          'not among them.',
      ),
      source: LOGIN,
    },
    {
      outcome: 'unknown',
      status: 403,
      body: Denied.transform(
        () =>
          `Vault lets nobody log in there: the role ${role} is locked after failed logins, or the grant ` +
          'lacks its namespace.',
      ),
      source: `${STATUSES}; "User lockout" of the documentation; support.hashicorp.com, 4404774721171`,
    },
  ];
}

const refused = (status: number, words: string, source: string): Verdict => ({
  outcome: 'unknown',
  status,
  body: Denied.transform(() => words),
  source,
});

/** Until when the admin's own secret ID lives, where its role is granted. */
export const ADMIN_VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: Shown.transform(({ expiresAt }) => (expiresAt === undefined ? {} : { expiresAt })),
    source: ROLES,
  },
  refused(403, 'The admin may not look up its own secret ID: compare its policy.', STATUSES),
];

/** What a role says of its secret IDs: whether Keyturn can rotate them. */
export function roleVerdicts({ role }: Role, maxDays: number): readonly Verdict[] {
  const saying = (is: (rules: RoleRules) => boolean, words: string): Verdict => ({
    outcome: 'unknown',
    status: 200,
    body: RoleRules.refine(is).transform(() => words),
    source: ROLES,
  });
  return [
    saying(
      ({ data }) => !data.bind_secret_id,
      `The role ${role} takes no secret IDs: set bind_secret_id on it.`,
    ),
    saying(
      ({ data }) => data.secret_id_num_uses !== 0,
      `The secret IDs of the role ${role} end after some uses, and each check is one: set ` +
        'secret_id_num_uses of the role to 0.',
    ),
    saying(
      (rules) => isTooShort(rules, maxDays),
      `The role ${role} keeps secret IDs from living ${maxDays} days: raise its secret_id_ttl, or lower ` +
        'maxDays of the grant.',
    ),
    { outcome: 'active', status: 200, body: RoleRules.transform(() => ({})), source: ROLES },
    refused(403, `The admin may not read the role ${role}: compare its policy.`, STATUSES),
  ];
}

/** Whether the role_id in a grant is that of its role. */
export function roleIdVerdicts({ role, roleId }: Role): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: RoleId.refine(({ data }) => data.role_id === roleId).transform(() => ({})),
      source: ROLES,
    },
    {
      outcome: 'unknown',
      status: 200,
      body: RoleId.transform(() => `The role ${role} has another role_id than the grant says.`),
      source: ROLES,
    },
    refused(403, `The admin may not read the role_id of ${role}: compare its policy.`, STATUSES),
  ];
}
