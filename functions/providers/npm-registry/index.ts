import { KeyturnError } from '../../core/errors.ts';
import type { Credential, Minted, MintingSession, Probe, Provider } from '../../core/provider.ts';
import type { Secret } from '../../core/secret.ts';
import { grantFor, readAdmin } from '../grants.ts';
import { basic, bearer, examined, httpClient, pathOf, probing, type HttpClient } from '../http.ts';
import { descriptor } from './descriptor.ts';
import { Admin, MintedToken, Refusal, TokenPage, WhoAmI, type Grant, type ListedToken } from './schema.ts';
import { claimsOf, matchOf } from './value.ts';

const TOKENS = '/-/npm/v1/tokens';
/** More pages than any user's tokens fill: a registry that never stops is broken. */
const MOST_PAGES = 100;

export const npmRegistry: Provider = {
  descriptor,
  examine(admin, tools) {
    const { url, grants } = readAdmin(descriptor.id, admin, Admin);
    const http = httpClient({ origin: url, tools });
    return examined(async () => {
      for (const grant of grants) await listTokens(http, grant);
    });
  },
  adminValues: (admin) => readAdmin(descriptor.id, admin, Admin).grants.map((grant) => grant.password),
  open(admin, secretName, tools): MintingSession {
    const { url, grants } = readAdmin(descriptor.id, admin, Admin);
    const grant = grantFor(descriptor.id, grants, secretName);
    const http = httpClient({ origin: url, tools });
    const account = `${new URL(url).host}/-/user/${grant.user}`;
    const probe = (value: Secret): Promise<Probe> => probeToken(http, grant.user, value);
    return {
      kind: 'minting',
      account,
      mint: () => mint(http, grant, account),
      probe,
      revoke: async (handle) => revoke(http, grant, keyOf(handle, account)),
      list: async () => (await listTokens(http, grant)).map((token) => credentialOf(token, account)),
      async identify(value) {
        const match = matchOf(value, await listTokens(http, grant));
        // A text with the right ends can be made up by anyone; only a value that the registry takes is one of its tokens.
        if (!match || (await probe(value)).outcome !== 'alive') return undefined;
        return { ...credentialOf(match, account), ...expiryOf(value) };
      },
    };
  },
};

/** The marker is not used: Verdaccio keeps no name or description with a token. */
async function mint(http: HttpClient, grant: Grant, account: string): Promise<Minted> {
  const json = { password: grant.password.reveal(), readonly: grant.readonly, cidr_whitelist: grant.cidr };
  const answer = await http.send({ method: 'POST', path: TOKENS, headers: asUser(grant), body: { json } });
  const { key, token } = answer.json(MintedToken);
  return { handle: handleOf(key, account), value: token, ...expiryOf(token) };
}

async function listTokens(http: HttpClient, grant: Grant): Promise<ListedToken[]> {
  const all: ListedToken[] = [];
  let query: Record<string, string> | undefined = {};
  for (let page = 0; query; page++) {
    if (page === MOST_PAGES) throw new KeyturnError('issuer-answer', `The registry's list of the tokens of ${grant.user} does not end.`);
    const answer = await http.send({ method: 'GET', path: TOKENS, headers: asUser(grant), query });
    const { objects, urls } = answer.json(TokenPage);
    all.push(...objects);
    query = nextQuery(urls?.next);
  }
  return all;
}

/** Only the query of the next page's address is taken: the rest is where we are already. Verdaccio sends an empty text. */
function nextQuery(next: string | undefined): Record<string, string> | undefined {
  if (!next) return undefined;
  const start = next.indexOf('?');
  if (start === -1) throw new KeyturnError('issuer-answer', 'The registry names a next page of tokens that is no page.');
  return Object.fromEntries(new URLSearchParams(next.slice(start)));
}

/** Looks first: Verdaccio answers 500 to a delete for a user who never had a token, which is not an error of ours. */
async function revoke(http: HttpClient, grant: Grant, key: string): Promise<void> {
  if (!(await isListed(http, grant, key))) return;
  const answer = await http.send({ method: 'DELETE', path: `${TOKENS}/token/` + pathOf`${key}`, headers: asUser(grant), accept: [404] });
  if (answer.status === 404 && (await isListed(http, grant, key)))
    throw new KeyturnError('issuer-refused', `The registry answered that the token ${key} of ${grant.user} does not exist, and lists it.`);
}

async function isListed(http: HttpClient, grant: Grant, key: string): Promise<boolean> {
  return (await listTokens(http, grant)).some((token) => token.key === key);
}

/**
 * Verdaccio 6.8.0 was asked: a live token gets 200 with its user's name; a deleted one 403; an expired or made-up one,
 * and one whose user has another password, 200 without a name or 401. A name that is another's proves nothing of this account.
 */
function probeToken(http: HttpClient, user: string, value: Secret): Promise<Probe> {
  return probing(async () => {
    const answer = await http.send({ method: 'GET', path: '/-/whoami', headers: { authorization: bearer(value) }, accept: [401, 403] });
    if (answer.status >= 400) {
      answer.json(Refusal);
      return { outcome: 'refused' };
    }
    const { username } = answer.json(WhoAmI);
    if (username === undefined) return { outcome: 'refused' };
    if (username !== user) return { outcome: 'unknown', reason: `The registry takes this token for one of another user than ${user}.` };
    return { outcome: 'alive', ...expiryOf(value) };
  });
}

function asUser(grant: Grant): { authorization: Secret } {
  return { authorization: basic(grant.user, grant.password) };
}

function expiryOf(value: Secret): { expiresAt?: number } {
  const { expiresAt } = claimsOf(value);
  return expiresAt === undefined ? {} : { expiresAt };
}

function credentialOf(token: ListedToken, account: string): Credential {
  return { handle: handleOf(token.key, account), active: true, createdAt: token.created };
}

function handleOf(key: string, account: string): string {
  return `${account}/tokens/${key}`;
}

function keyOf(handle: string, account: string): string {
  const key = handle.slice(handleOf('', account).length);
  if (handle === handleOf(key, account) && key !== '') return key;
  throw new KeyturnError('not-granted', `The handle of the credential to revoke is not one of ${account}, which is all that this grant allows.`);
}
