import type { Secret } from '../../core/basics/secret.ts';
import { pathOf, type HttpRequest } from '../request.ts';
import { MARKED, type Admin, type Role } from './schema.ts';

type Sent = Pick<HttpRequest, 'method' | 'path' | 'headers' | 'body'>;

/** The account from Vault's root, as it is recorded: with the namespace, so that no two share one. */
export function accountOf({ namespace, mount, role }: Role): string {
  return `${namespace === undefined ? '' : `${namespace}/`}auth/${mount}/role/${role}`;
}

/** The namespace is a header: an auth method in it has the same path as one at the root. */
function inNamespace({ namespace }: Pick<Role, 'namespace'>): Readonly<Record<string, string>> {
  return namespace === undefined ? {} : { 'x-vault-namespace': namespace };
}

function encoded(path: string): string {
  return path
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
}

const mountOf = ({ mount }: Pick<Role, 'mount'>): string => `/v1/auth/${encoded(mount)}`;
const pathIn = (role: Role): string => mountOf(role) + pathOf`/role/${role.role}`;

/** Requests about a role, which the admin sends. */
export function about(role: Role) {
  const headers = inNamespace(role);
  const post = (path: string, json: object): Sent => ({
    method: 'POST',
    path: pathIn(role) + path,
    headers,
    body: { json },
  });
  const get = (path: string): Sent => ({ method: 'GET', path, headers });
  return {
    role: get(pathIn(role)),
    roleId: get(`${pathIn(role)}/role-id`),
    list: { ...get(`${pathIn(role)}/secret-id/`), query: { list: 'true' } },
    /** Vault refuses a number of uses that is higher than the role's: 0 is without a limit. */
    create: (marker: string, seconds: number): Sent =>
      post('/secret-id', {
        metadata: JSON.stringify({ [MARKED]: marker }),
        num_uses: 0,
        ttl: `${seconds}s`,
      }),
    lookUp: (accessor: string): Sent => post('/secret-id-accessor/lookup', { secret_id_accessor: accessor }),
    lookUpValue: (value: Secret): Sent => post('/secret-id/lookup', { secret_id: value.reveal() }),
    destroy: (accessor: string): Sent =>
      post('/secret-id-accessor/destroy', { secret_id_accessor: accessor }),
  } as const;
}

/** Who logs in: a secret ID that is asked about, or the admin's. */
type Account = Pick<Role, 'namespace' | 'mount' | 'roleId'>;

/** With the value alone, and the role_id that is not secret. */
export function login(account: Account, value: Secret): Sent {
  return {
    method: 'POST',
    path: `${mountOf(account)}/login`,
    headers: inNamespace(account),
    body: { json: { role_id: account.roleId, secret_id: value.reveal() } },
  };
}

/** The same of the admin. */
export function adminLogin({ role_id: roleId, secret_id: value, ...rest }: Admin): Sent {
  return login({ ...rest, roleId }, value);
}

/** Ends the very token that asks. */
export function endOf(role: Role, token: Secret): Sent {
  return {
    method: 'POST',
    path: '/v1/auth/token/revoke-self',
    headers: { ...inNamespace(role), 'x-vault-token': token },
  };
}
