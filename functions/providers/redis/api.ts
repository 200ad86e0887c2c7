import type { Secret } from '../../core/basics/secret.ts';
import type { HttpClient } from '../http.ts';
import { basic, pathOf, type HttpRequest } from '../request.ts';
import { BothDone, Done, FileAndUser, OneUser, type User } from './schema.ts';

type Command = readonly [string, ...string[]];

/** The calls that passwords of one user need. Source: redis.io, "Commands", ACL and CONFIG GET. */
export interface UserApi {
  /** Undefined where Redis knows no such user. */
  user(): Promise<User | undefined>;
  /** The same, with whether Redis keeps its users in an ACL file. */
  userAndFile(): Promise<{ readonly user: User | undefined; readonly isKept: boolean }>;
  /** Adds a password by its hash and writes the ACL file. Doing it twice leaves one. */
  add(hash: string): Promise<void>;
  /** Removes a password by its hash and writes the ACL file. Sent once. */
  remove(hash: string): Promise<void>;
  /** Writes the ACL file alone. */
  save(): Promise<void>;
}

/** One connection, as this user: what it is about, and the commands that follow the password. */
export function commandsAs(
  [name, password]: readonly [string, Secret],
  path: string,
  commands: readonly Command[],
): HttpRequest {
  return {
    method: 'POST',
    path,
    headers: { authorization: basic(name, password) },
    body: { json: commands },
    repeatable: true,
  };
}

/** Where Redis keeps its users. `requirepass` and users in its configuration are not written back by it. */
export const ACL_FILE: Command = ['CONFIG', 'GET', 'aclfile'];
const SAVE: Command = ['ACL', 'SAVE'];

export function userApi(http: HttpClient, admin: readonly [string, Secret], name: string): UserApi {
  const asAdmin = (...commands: Command[]): HttpRequest =>
    commandsAs(admin, pathOf`/users/${name}`, commands);
  const get: Command = ['ACL', 'GETUSER', name];
  const change = (rule: string): Command => ['ACL', 'SETUSER', name, rule];
  return {
    async user() {
      const [user] = (await http.send(asAdmin(get))).json(OneUser).replies;
      return user ?? undefined;
    },
    async userAndFile() {
      const [file, user] = (await http.send(asAdmin(ACL_FILE, get))).json(FileAndUser).replies;
      return { user: user ?? undefined, isKept: file !== '' };
    },
    async add(hash) {
      (await http.send(asAdmin(change(`#${hash}`), SAVE))).json(BothDone);
    },
    async remove(hash) {
      (await http.send({ ...asAdmin(change(`!${hash}`), SAVE), ends: true })).json(BothDone);
    },
    async save() {
      (await http.send(asAdmin(SAVE))).json(Done);
    },
  };
}
