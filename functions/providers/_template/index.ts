import { KeyturnError } from '../../core/basics/errors.ts';
import type {
  ListedCredential,
  Minted,
  MintingSession,
  Provider,
  ProviderTools,
} from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { DAY, type Instant } from '../../core/basics/time.ts';
import { grantFor } from '../grant-of.ts';
import { readAdmin } from '../grants.ts';
import { bearer, pathOf, type HttpRequest } from '../request.ts';
import { httpClient, type HttpClient } from '../http.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { accountOf, inPlaces, noneMadeAt, noValueOf, placeAt, type Place } from '../places.ts';
import { canonicalScopes, sameScopes } from '../scopes.ts';
import { asking, isAccepted, verdictOn } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Grant, Key, KeyPage, MadeKey, Whoami } from './schema.ts';
import { ADMIN_VERDICTS, VERDICTS } from './verdicts.ts';

const MOST_PAGES = 100;
/** An account that serves one secret alone is named under `alone`. */
const GRANTS = { provider: descriptor.id, schema: Grant };

/** All that the calls below share. */
interface Account {
  readonly http: HttpClient;
  readonly headers: { readonly authorization: Secret };
  readonly grant: Grant;
  readonly reach: Place['reach'];
  /** Host and resource: the start of every handle. */
  readonly name: string;
}

export const template: Provider = {
  descriptor,
  /** The admin credential itself: a call that answers its expiry too, where the issuer has one. */
  examine(admin, tools) {
    const { url, token } = readAdmin(descriptor.id, admin, Admin);
    return asking({
      http: httpClient({ origin: url, tools }),
      request: whoami(token),
      verdicts: ADMIN_VERDICTS,
    });
  },
  /** Every credential in the admin secret. */
  adminValues: (admin) => [readAdmin(descriptor.id, admin, Admin).token],
  /** The places a grant names: its own first, then those where its credentials were made before. */
  ...inPlaces((admin, secretName) => {
    const { url, token, grants } = readAdmin(descriptor.id, admin, Admin);
    const grant = grantFor(GRANTS, grants, secretName);
    const at = (account: string, isFormer: boolean): Place => {
      const reach = placeAt(url, account);
      const bound = { headers: { authorization: bearer(token) }, grant, reach, name: accountOf(reach) };
      return {
        reach,
        open: (tools) => sessionAt({ ...bound, http: httpClient({ origin: url, tools }) }, isFormer, tools),
      };
    };
    return [at(grant.account, false), ...(grant.formerly ?? []).map(({ account }) => at(account, true))];
  }),
};

function sessionAt(account: Account, isFormer: boolean, tools: ProviderTools): MintingSession {
  const { http, grant, reach, name } = account;
  return {
    kind: 'minting',
    account: name,
    reach,
    scopes: canonicalScopes(grant.scopes),
    maxDays: grant.maxDays,
    mint: isFormer
      ? noneMadeAt(name)
      : (request) =>
          mint(
            account,
            request.marker,
            Math.min(request.expiresAt ?? Infinity, tools.now() + grant.maxDays * DAY),
          ),
    probe: (value) => asking({ http, request: whoami(value), verdicts: VERDICTS }),
    revoke: (handle) => revoke(account, handle),
    list: async () => (await listKeys(account)).map((key) => listedCredentialOf(account, key)),
    identify: (value) => identify(account, value),
  };
}

function collectionOf({ reach }: Account): string {
  return pathOf`/v1/accounts/${reach.account}/keys`;
}

/**
 * The marker goes where the issuer's list shows it again: that is how a lost answer is made up for. The
 * answer is read in two steps: first, and leniently, what must not be lost; then the rest, whose faults are
 * told and never thrown.
 */
async function mint(account: Account, marker: string, expiresAt: Instant): Promise<Minted> {
  const json = {
    label: marker,
    scopes: canonicalScopes(account.grant.scopes),
    expiresAt: new Date(expiresAt).toISOString(),
  };
  const answer = await account.http.send({
    method: 'POST',
    path: collectionOf(account),
    headers: account.headers,
    body: { json },
  });
  const { id, key } = answer.json(MadeKey);
  const handle = `${account.name}/${id}`;
  const rest = answer.read(Key);
  const made = rest && listedCredentialOf(account, rest);
  const differs = [
    key === undefined ? 'no value' : undefined,
    made ? differenceOf(json, made) : 'fields that are not as documented',
  ].find((one) => one !== undefined);
  return { ...made, handle, value: key ?? noValueOf(handle), ...(differs !== undefined && { differs }) };
}

function differenceOf(
  asked: { readonly label: string; readonly scopes: readonly string[]; readonly expiresAt: string },
  made: ListedCredential,
): string | undefined {
  if (made.name !== asked.label) return 'another name';
  if (!sameScopes(made.scopes ?? [], asked.scopes)) return 'other scopes';
  return (made.expiresAt ?? Infinity) > Date.parse(asked.expiresAt) ? 'a later expiry' : undefined;
}

/** Sends the value alone. */
function whoami(value: Secret): HttpRequest {
  return { method: 'GET', path: '/v1/whoami', headers: { authorization: bearer(value) } };
}

async function identify(account: Account, value: Secret): Promise<ListedCredential | undefined> {
  const answer = await account.http.send({ ...whoami(value), accept: 'any' });
  if (!isAccepted(verdictOn(answer, VERDICTS))) return undefined;
  const { keyId } = answer.json(Whoami);
  const key = (await listKeys(account)).find((candidate) => candidate.id === keyId);
  return key && listedCredentialOf(account, key);
}

/** A handle of another resource is refused before any call; one that is gone already is a success. */
async function revoke(account: Account, handle: string): Promise<void> {
  const id = handle.startsWith(`${account.name}/`) ? handle.slice(account.name.length + 1) : '';
  if (!/^[a-z0-9]+$/.test(id))
    throw new KeyturnError('not-granted', `The handle "${handle}" is no key of ${account.name}.`);
  const answer = await account.http.send({
    method: 'DELETE',
    path: collectionOf(account) + pathOf`/${id}`,
    headers: account.headers,
    accept: [404],
    ends: true,
  });
  if (answer.status === 204) return;
  const left = (await listKeys(account)).find((key) => key.id === id);
  if (left?.enabled)
    throw new KeyturnError(
      'issuer-response-invalid',
      `The issuer answered ${answer.status} to the revocation of ${handle}, yet it lists it as enabled.`,
    );
}

async function listKeys(account: Account): Promise<Key[]> {
  const found: Key[] = [];
  let cursor: string | undefined = '';
  for (let page = 0; cursor !== undefined; page++) {
    if (page === MOST_PAGES)
      throw new KeyturnError(
        'issuer-response-invalid',
        `The issuer's list of the keys of ${account.name} does not end.`,
      );
    const answer: HttpAnswer = await account.http.send({
      method: 'GET',
      path: collectionOf(account),
      query: { cursor },
      headers: account.headers,
    });
    const { keys, next } = answer.json(KeyPage);
    found.push(...keys);
    cursor = next;
  }
  return found;
}

function listedCredentialOf(account: Account, key: Key): ListedCredential {
  return {
    handle: `${account.name}/${key.id}`,
    name: key.label,
    state: key.enabled ? 'active' : 'revoked',
    active: key.enabled,
    createdAt: key.createdAt,
    scopes: canonicalScopes(key.scopes),
    ...(key.expiresAt !== null && { expiresAt: key.expiresAt }),
  };
}
