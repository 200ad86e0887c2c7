import { KeyturnError } from '../../core/basics/errors.ts';
import type { CredentialState, ListedCredential } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Instant } from '../../core/basics/time.ts';
import { publicPemOf, thumbprintOf } from '../signing-key.ts';
import type { KeysApi } from './api.ts';
import type { Client, Credential, Methods } from './schema.ts';

/** "The current application storage limit is two credentials at one time." */
const ROOM = 2;

/** The keys of an application. */
export interface Keys {
  /** Host and application in one text: the start of the handles. */
  readonly account: string;
  readonly api: KeysApi;
  readonly now: () => Instant;
}

export async function listed(keys: Keys): Promise<ListedCredential[]> {
  const { all, bound } = await look(keys);
  return all.map((one) => credentialOf(keys, one, bound));
}

/** By the kid, which is the key's own thumbprint. */
export async function identified(keys: Keys, value: Secret): Promise<ListedCredential | undefined> {
  const kid = thumbprintOf(value);
  const { all, bound } = await look(keys);
  const found = kid === undefined ? undefined : all.find((one) => one.kid === kid);
  return found && credentialOf(keys, found, bound);
}

/**
 * Makes Auth0 know the public key, and binds it to the application. Each half is looked for before it is
 * done, so that a run that broke between them is gone on with. Errors: `credential-limit-reached`;
 * `issuer-refused` where the application authenticates otherwise.
 */
export async function installed(keys: Keys, value: Secret): Promise<ListedCredential> {
  const [kid, pem] = [thumbprintOf(value), publicPemOf(value)];
  if (kid === undefined || pem === undefined)
    throw new KeyturnError('bad-request', `The new value for ${keys.account} is no private key.`);
  const { all, client, bound } = await look(keys);
  requireMethod(keys, client);
  const there = all.find((one) => one.kid === kid);
  if (!there && all.length >= ROOM)
    throw new KeyturnError(
      'credential-limit-reached',
      `All ${ROOM} slots of ${keys.account} are taken, by active credentials or others: revoke one ` +
        'there that is not in use.',
    );
  const made = there ?? (await keys.api.create({ name: `keyturn ${kid}`, pem, kid }));
  if (made.kid !== kid)
    throw new KeyturnError(
      'issuer-response-invalid',
      `Auth0 keeps a key under another kid than the one that it was given: ${handleOf(keys, made)}.`,
    );
  if (!bound.has(made.id)) await bind(keys, made.id);
  return credentialOf(keys, made, new Set([made.id]));
}

/** From then on Auth0 accepts the key. Sent also where it is bound: the answer says that it is. */
export async function bind(keys: Keys, id: string): Promise<void> {
  const client = await keys.api.client();
  const others = boundIn(client).filter((one) => one !== id);
  await set(keys, client, { id, ids: [...others, id], isBound: true });
}

/** From then on Auth0 refuses the key, and all others go on. Error: `issuer-refused` for the last one. */
export async function unbind(keys: Keys, id: string): Promise<void> {
  const client = await keys.api.client();
  const ids = boundIn(client).filter((one) => one !== id);
  if (ids.length === 0)
    throw new KeyturnError(
      'issuer-refused',
      `${keys.account} has no other active credential than ${id}, and is not left without one.`,
    );
  await set(keys, client, { id, ids, isBound: false });
}

/** Unbinds and deletes. One that is gone already is fine. */
export async function revoked(keys: Keys, handle: string): Promise<void> {
  const id = idIn(keys, handle);
  const { all, bound } = await look(keys);
  if (!all.some((one) => one.id === id)) return;
  if (bound.has(id)) await unbind(keys, id);
  const answer = await keys.api.remove(id);
  if (answer.status === 204 || !(await isThere(keys, id))) return;
  throw new KeyturnError('issuer-response-invalid', `${answer.about} and lists it: ${handle}.`);
}

/** The id in a handle of a credential that is listed. Errors: `not-granted`; `issuer-refused`. */
export async function listedId(keys: Keys, handle: string): Promise<string> {
  const id = idIn(keys, handle);
  if (await isThere(keys, id)) return id;
  throw new KeyturnError(
    'issuer-refused',
    `The issuer does not list ${handle}, so Keyturn does not disable or enable it.`,
  );
}

interface Look {
  readonly all: readonly Credential[];
  readonly client: Client;
  readonly bound: ReadonlySet<string>;
}

async function look({ api }: Keys): Promise<Look> {
  const all = await api.credentials();
  const client = await api.client();
  return { all, client, bound: new Set(boundIn(client)) };
}

async function isThere({ api }: Keys, id: string): Promise<boolean> {
  return (await api.credentials()).some((one) => one.id === id);
}

function boundIn({ client_authentication_methods: methods }: Client): string[] {
  return methods?.private_key_jwt?.credentials.map(({ id }) => id) ?? [];
}

/** Error: `issuer-refused` where another method would be replaced, which the consumers use. */
function requireMethod(
  { account }: Keys,
  client: Client,
): asserts client is Client & {
  readonly client_authentication_methods: Methods;
} {
  if (client.client_authentication_methods?.private_key_jwt) return;
  throw new KeyturnError(
    'issuer-refused',
    `The application of ${account} does not authenticate with Private Key JWT: set that method at Auth0 ` +
      'first.',
  );
}

interface Binding {
  readonly id: string;
  readonly ids: readonly string[];
  readonly isBound: boolean;
}

/** The whole list is sent, with what else stands in the methods. Only the answer to it counts. */
async function set(keys: Keys, client: Client, { id, ids, isBound }: Binding): Promise<void> {
  requireMethod(keys, client);
  const methods = client.client_authentication_methods;
  const credentials = ids.map((one) => ({ id: one }));
  const next = { ...methods, private_key_jwt: { ...methods.private_key_jwt, credentials } };
  const answer = await keys.api.setMethods(next);
  if (answer && boundIn(answer).includes(id) === isBound) return;
  throw new KeyturnError(
    'issuer-response-invalid',
    `Auth0 does not call the credential ${isBound ? 'active' : 'disabled'}: ${handleOf(keys, { id })}.`,
  );
}

function credentialOf(keys: Keys, one: Credential, bound: ReadonlySet<string>): ListedCredential {
  const { created_at: createdAt, expires_at: expiresAt } = one;
  const state = stateOf(one, bound, keys.now());
  return {
    handle: handleOf(keys, one),
    state,
    active: state === 'active',
    createdAt,
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function stateOf(
  { id, expires_at: end = Infinity }: Credential,
  bound: ReadonlySet<string>,
  now: Instant,
): CredentialState {
  if (end <= now) return 'expired';
  return bound.has(id) ? 'active' : 'disabled';
}

function handleOf({ account }: Keys, { id }: Pick<Credential, 'id'>): string {
  return `${account}/credentials/${id}`;
}

/** Error: `not-granted` for a handle of another application, and for one that is none. */
function idIn({ account }: Keys, handle: string): string {
  const start = `${account}/credentials/`;
  const id = handle.startsWith(start) ? handle.slice(start.length) : '';
  if (/^cred_\w{1,64}$/.test(id)) return id;
  throw new KeyturnError(
    'not-granted',
    `The handle of the credential to revoke is not one of ${account}, which is all that this grant allows.`,
  );
}
