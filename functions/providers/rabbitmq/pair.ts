import { KeyturnError } from '../../core/basics/errors.ts';
import type { ListedCredential } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { UsersApi } from './api.ts';
import { hashOf, isOf, markOf } from './hash.ts';
import type { Grant, User } from './schema.ts';

/** The two users of a grant, and what they are to be. */
export interface Pair {
  readonly users: readonly [string, string];
  readonly grant: Grant;
  /** The start of the handles of all users. */
  readonly host: string;
  readonly api: UsersApi;
}

interface Listed {
  readonly user: User;
  readonly credential: ListedCredential;
}

/** A user holds one password at a time: its name and the salt of the hash tell which. */
function credentialOf({ host }: Pair, name: string, hash: Secret): ListedCredential {
  return { handle: `${host}/${name}@${markOf(hash)}`, state: 'active', active: true };
}

/** What the two users hold, of those that are there. */
export async function listedOf(pair: Pair): Promise<Listed[]> {
  const all = await pair.api.list();
  return all
    .filter(({ name }) => pair.users.includes(name))
    .map((user) => ({ user, credential: credentialOf(pair, user.name, user.password_hash) }));
}

/**
 * Which user a password is of, by what the broker keeps of it. Where both have the same one, the name beside
 * it tells. Error: `issuer-response-invalid` where nothing does.
 */
export async function identified(
  pair: Pair,
  value: Secret,
  names: readonly string[],
): Promise<ListedCredential | undefined> {
  const found = (await listedOf(pair)).filter(({ user }) => isOf(user, value));
  const named = found.filter(({ user }) => names.includes(user.name));
  const [one, another] = found.length > 1 && named.length > 0 ? named : found;
  if (!another) return one?.credential;
  throw new KeyturnError(
    'issuer-response-invalid',
    `The users ${pair.users.join(' and ')} have the same password, and nothing beside it says whose it is: ` +
      'write the user into the field username.',
  );
}

/**
 * Creates the user with its password, tags and permissions. One that is there with another password is left
 * as it is. `isAccepted`: the broker accepts this very password already.
 */
export async function installed(
  pair: Pair,
  { name, value }: { readonly name: string; readonly value: Secret },
  isAccepted: boolean,
): Promise<ListedCredential> {
  const { api, grant } = pair;
  const hash = hashOf(value);
  const there = await api.user(name);
  if (there && !there.password_hash.equals(hash))
    throw new KeyturnError(
      'credential-limit-reached',
      `The user ${name} is there already, with a password that is not the new one, and is left as it is: ` +
        'delete it if nothing uses it, or name another user in the grant.',
    );
  if (!there && isAccepted)
    throw new KeyturnError(
      'issuer-response-invalid',
      `RabbitMQ accepts a password of the user ${name}, and says that there is no such user.`,
    );
  if (!there) await api.put(name, { hash, tags: grant.tags });
  for (const permission of grant.permissions) await api.permit(name, permission);
  return credentialOf(pair, name, hash);
}

/**
 * Deletes the user that holds this very password. One that holds another by now is a new credential: the old
 * one is gone, and nothing is sent.
 */
export async function revoked(pair: Pair, handle: string): Promise<void> {
  const name = nameIn(pair, handle);
  if (!(await holds(pair, name, handle))) return;
  const answer = await pair.api.remove(name);
  if (answer.status === 204 || !(await holds(pair, name, handle))) return;
  throw new KeyturnError('issuer-refused', `${answer.about}, and the user ${name} is still there.`);
}

async function holds(pair: Pair, name: string, handle: string): Promise<boolean> {
  const user = await pair.api.user(name);
  return user !== undefined && credentialOf(pair, name, user.password_hash).handle === handle;
}

/** Error: `not-granted` for a handle of another user, and for one that is none. */
function nameIn({ users, host }: Pair, handle: string): string {
  const name = users.find((one) => handle.startsWith(`${host}/${one}@`));
  if (name !== undefined && /@(?:[0-9a-f]{8}|none)$/.test(handle)) return name;
  throw new KeyturnError(
    'not-granted',
    `The handle of the credential to revoke is not one of ${users.join(' and ')}, which is all that this ` +
      'grant allows.',
  );
}
