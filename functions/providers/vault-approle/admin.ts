import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { HttpClient } from '../http.ts';
import { adminLogin } from './requests.ts';
import { LoginToken, Refused, type Admin, type Role } from './schema.ts';

/**
 * Sends as the admin, who logs in at the first request. The token is kept for the session, and ends with its
 * own life: the page asks for batch tokens, which nothing has to end.
 */
export function asAdmin(http: HttpClient, admin: Admin): HttpClient {
  let token: Secret | undefined;
  return {
    async send(request) {
      token ??= await tokenOf(http, admin);
      return http.send({ ...request, headers: { ...request.headers, 'x-vault-token': token } });
    },
  };
}

/** Error beside those of requests: `admin-credential-rejected`. */
async function tokenOf(http: HttpClient, admin: Admin): Promise<Secret> {
  const answer = await http.send({ ...adminLogin(admin), repeatable: true, accept: [400] });
  if (answer.status !== 400) return answer.json(LoginToken).token;
  throw new KeyturnError(
    answer.read(Refused) ? 'admin-credential-rejected' : 'issuer-refused',
    `${answer.about}: it lets nobody log in with the role_id and the secret_id of the admin secret.`,
  );
}

/** Whether the admin is a secret ID of this very role. */
export function isOf(admin: Admin, { namespace, mount, roleId }: Role): boolean {
  return admin.namespace === namespace && admin.mount === mount && admin.role_id === roleId;
}
