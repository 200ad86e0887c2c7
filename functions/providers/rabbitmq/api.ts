import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { HttpClient } from '../http.ts';
import { basic, pathOf, type HttpRequest } from '../request.ts';
import { ALGORITHM } from './hash.ts';
import { API, AllUsers, NotFound, User, type Permission } from './schema.ts';

/** The calls that users of a broker need. Source: rabbitmq.com, "HTTP API Reference". */
export interface UsersApi {
  /** All users of the broker: without a parameter for pages, the list is whole. */
  list(): Promise<User[]>;
  /** Undefined where RabbitMQ itself says that there is no such user. */
  user(name: string): Promise<User | undefined>;
  /** Creates a user, or replaces password and tags of one. */
  put(name: string, is: { readonly hash: Secret; readonly tags: readonly string[] }): Promise<void>;
  /** Sets what a user may do in a virtual host. */
  permit(name: string, permission: Permission): Promise<void>;
  /** Deletes a user with its permissions, and closes its connections. Sent once; the answer is looked at. */
  remove(name: string): Promise<HttpAnswer>;
}

/** Asks who a user with this password is. */
export function whoRequest(name: string, password: Secret): HttpRequest {
  return {
    method: 'GET',
    path: `${API}/whoami`,
    headers: { authorization: basic(name, password) },
    repeatable: true,
  };
}

export function usersApi(http: HttpClient, admin: { username: string; password: Secret }): UsersApi {
  const headers = { authorization: basic(admin.username, admin.password) };
  const pathTo = (name: string): string => API + pathOf`/users/${name}`;
  return {
    async list() {
      return (await http.send({ method: 'GET', path: `${API}/users`, headers })).json(AllUsers);
    },
    async user(name) {
      const answer = await http.send({ method: 'GET', path: pathTo(name), headers, accept: [404] });
      if (answer.status !== 404) return answer.json(User);
      answer.json(NotFound);
      return undefined;
    },
    async put(name, { hash, tags }) {
      const json = { password_hash: hash.reveal(), hashing_algorithm: ALGORITHM, tags: tags.join(',') };
      requireDone(await http.send({ method: 'PUT', path: pathTo(name), headers, body: { json } }));
    },
    async permit(name, { vhost, ...json }) {
      const path = API + pathOf`/permissions/${vhost}/${name}`;
      requireDone(await http.send({ method: 'PUT', path, headers, body: { json } }));
    },
    remove: (name) => http.send({ method: 'DELETE', path: pathTo(name), headers, accept: [404], ends: true }),
  };
}

/** 201 where it is new, 204 where it was there. */
function requireDone({ status, about }: HttpAnswer): void {
  if (status === 201 || status === 204) return;
  throw new KeyturnError('issuer-response-invalid', `${about}, which does not say that it is done.`);
}
