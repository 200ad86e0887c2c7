import { KeyturnError } from '../../core/errors.ts';
import type { Credential, Minted, MintingSession, Probe, Provider, ProviderTools } from '../../core/provider.ts';
import type { Secret } from '../../core/secret.ts';
import { DAY, type Instant } from '../../core/time.ts';
import { grantFor, readAdmin } from '../grants.ts';
import { bearer, examined, httpClient, pathOf, probing, type HttpAnswer, type HttpClient } from '../http.ts';
import { descriptor } from './descriptor.ts';
import { Admin, CreatedKey, KeyPage, Whoami, type Grant, type Key } from './schema.ts';

const MOST_PAGES = 100;

/** All that the calls below share. */
interface Account {
  readonly client: HttpClient;
  readonly headers: { readonly authorization: Secret };
  readonly grant: Grant;
  /** Host and resource: the start of every handle. */
  readonly name: string;
}

export const template: Provider = {
  descriptor,
  /** The admin credential itself: a call that answers its expiry too, where the issuer has one. */
  examine(admin, tools) {
    const { url, token, grants } = readAdmin(descriptor.id, admin, Admin);
    const client = httpClient({ origin: url, tools });
    return examined(() => Promise.all(grants.slice(0, 1).map((grant) => listKeys({ client, headers: { authorization: bearer(token) }, grant, name: '' }))));
  },
  /** Every credential in the admin secret. */
  adminValues: (admin) => [readAdmin(descriptor.id, admin, Admin).token],
  open(admin: Secret, secretName: string, tools: ProviderTools): MintingSession {
    const { url, token, grants } = readAdmin(descriptor.id, admin, Admin);
    const grant = grantFor(descriptor.id, grants, secretName);
    const client = httpClient({ origin: url, tools });
    const name = `${new URL(url).host}/${grant.account}`;
    const account = { client, headers: { authorization: bearer(token) }, grant, name };
    return {
      kind: 'minting',
      account: name,
      maxDays: grant.maxDays,
      mint: (request) => mint(account, request.marker, Math.min(request.expiresAt ?? Infinity, tools.now() + grant.maxDays * DAY)),
      probe: (value) => probing(() => probe(client, value)),
      revoke: (handle) => revoke(account, handle),
      list: async () => (await listKeys(account)).map((key) => credentialOf(account, key)),
      identify: (value) => identify(account, value),
    };
  },
};

function collectionOf({ grant }: Account): string {
  return pathOf`/v1/accounts/${grant.account}/keys`;
}

/** The marker goes where the issuer's list shows it again: that is how a lost answer is made up for. */
async function mint(account: Account, marker: string, expiresAt: Instant): Promise<Minted> {
  const json = { label: marker, scopes: account.grant.scopes, expiresAt: new Date(expiresAt).toISOString() };
  const answer = await account.client.send({ method: 'POST', path: collectionOf(account), headers: account.headers, body: { json } });
  const made = answer.json(CreatedKey);
  return { ...credentialOf(account, made), value: made.key };
}

/** Only the issuer's own "no" is `refused`. Whatever else happens comes out of `probing` as `unknown`. */
async function probe(client: HttpClient, value: Secret): Promise<Probe> {
  const answer = await whoami(client, value);
  return answer.status === 401 ? { outcome: 'refused' } : { outcome: 'alive', scopes: answer.json(Whoami).scopes };
}

function whoami(client: HttpClient, value: Secret): Promise<HttpAnswer> {
  return client.send({ method: 'GET', path: '/v1/whoami', headers: { authorization: bearer(value) }, accept: [401] });
}

async function identify(account: Account, value: Secret): Promise<Credential | undefined> {
  const answer = await whoami(account.client, value);
  if (answer.status === 401) return undefined;
  const { keyId } = answer.json(Whoami);
  const key = (await listKeys(account)).find((candidate) => candidate.id === keyId);
  return key && credentialOf(account, key);
}

/** A handle of another resource is refused before any call; one that is gone already is a success. */
async function revoke(account: Account, handle: string): Promise<void> {
  const id = handle.startsWith(`${account.name}/`) ? handle.slice(account.name.length + 1) : '';
  if (!/^[a-z0-9]+$/.test(id)) throw new KeyturnError('not-granted', `The handle "${handle}" is no key of ${account.name}.`);
  const answer = await account.client.send({ method: 'DELETE', path: collectionOf(account) + pathOf`/${id}`, headers: account.headers, accept: [404] });
  if (answer.status !== 404) return;
  const left = (await listKeys(account)).find((key) => key.id === id);
  if (left?.enabled) throw new KeyturnError('issuer-answer', `The issuer says that it has no key ${handle}, yet it lists it as enabled.`);
}

async function listKeys(account: Account): Promise<Key[]> {
  const found: Key[] = [];
  let cursor: string | undefined = '';
  for (let page = 0; cursor !== undefined; page++) {
    if (page === MOST_PAGES) throw new KeyturnError('issuer-answer', `The issuer's list of the keys of ${account.name} does not end.`);
    const answer: HttpAnswer = await account.client.send({ method: 'GET', path: collectionOf(account), query: { cursor }, headers: account.headers });
    const { keys, next } = answer.json(KeyPage);
    found.push(...keys);
    cursor = next;
  }
  return found;
}

function credentialOf(account: Account, key: Key): Credential {
  return {
    handle: `${account.name}/${key.id}`,
    name: key.label,
    active: key.enabled,
    createdAt: key.createdAt,
    scopes: key.scopes,
    ...(key.expiresAt !== null && { expiresAt: key.expiresAt }),
  };
}
