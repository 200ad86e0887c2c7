import { KeyturnError } from '../../core/errors.ts';
import type { Credential, Minted, MintingSession, Probe, Provider, ProviderTools } from '../../core/provider.ts';
import type { Secret } from '../../core/secret.ts';
import { DAY, FURTHEST_WEST, type Instant } from '../../core/time.ts';
import { grantFor, readAdmin } from '../grants.ts';
import { probing } from '../http.ts';
import { gitlabApi, selfApi, type GitlabApi, type NewToken } from './api.ts';
import { descriptor } from './descriptor.ts';
import { pathsOf } from './paths.ts';
import { AccessToken, Admin, Refusal, type CreatedToken, type Grant } from './schema.ts';

/** Mints beside the old token and revokes that later. GitLab's own replacing call is never used: it kills the old token at once, and the new one too when called twice. */
export const gitlab: Provider = {
  descriptor,
  examine(admin, tools) {
    const { url, token } = readAdmin(descriptor.id, admin, Admin);
    return probing(() => probe(selfApi(url, tools), token));
  },
  adminValues: (admin) => [readAdmin(descriptor.id, admin, Admin).token],
  open(admin: Secret, secretName: string, tools: ProviderTools): MintingSession {
    const { url, token, grants } = readAdmin(descriptor.id, admin, Admin);
    const grant = grantFor(descriptor.id, grants, secretName);
    const account = `${new URL(url).host}/${grant.resource}`;
    const api = gitlabApi(url, token, pathsOf(grant.resource), tools);
    return {
      kind: 'minting',
      account,
      scopes: grant.scopes,
      maxDays: grant.maxDays,
      mint: (request) => mint(api, account, grant, { ...request, now: tools.now() }),
      probe: (value) => probing(() => probe(api, value)),
      revoke: (handle) => revoke(api, account, handle),
      list: async () => (await api.list()).map((entry) => credentialOf(account, entry)),
      identify: (value) => identify(api, account, value),
    };
  },
};

interface MintRequest {
  readonly marker: string;
  readonly expiresAt: Instant | undefined;
  readonly now: Instant;
}

async function mint(api: GitlabApi, account: string, grant: Grant, request: MintRequest): Promise<Minted> {
  const asked = {
    name: request.marker,
    description: 'Made and revoked by Keyturn; do not rotate by hand.',
    scopes: grant.scopes,
    expires_at: expiryDate(grant, request),
    ...(grant.accessLevel !== undefined && { access_level: grant.accessLevel }),
  };
  const made = await api.create(asked);
  // The marker lets the engine find and revoke what was made otherwise than asked.
  const wrong = differenceOf(asked, made);
  if (wrong !== undefined) throw new KeyturnError('issuer-answer', `GitLab made a token for ${account} whose ${wrong} is not what was asked for; it is given up.`);
  const { handle, expiresAt, scopes } = credentialOf(account, made);
  return { handle, value: made.token, ...(expiresAt !== undefined && { expiresAt }), ...(scopes && { scopes }) };
}

/**
 * The date at whose beginning the token ends: never after the instant asked for, but tomorrow at least. The longest life of a grant is often that of the instance, which counts
 * it from today's date in its own zone (GitLab, app/models/personal_access_token.rb: `Date.current`): the date that is today everywhere stands for it.
 */
function expiryDate(grant: Grant, { expiresAt, now }: MintRequest): string {
  const longest = now - FURTHEST_WEST + grant.maxDays * DAY;
  const latest = Math.min(expiresAt ?? Infinity, longest);
  return new Date(Math.max(latest, now + DAY)).toISOString().slice(0, 10);
}

function differenceOf(asked: NewToken, made: CreatedToken): string | undefined {
  if (made.name !== asked.name) return 'name';
  if (!sameSet(made.scopes, asked.scopes)) return 'list of scopes';
  if (made.expires_at === null || made.expires_at > Date.parse(asked.expires_at)) return 'expiry';
  return asked.access_level === undefined || made.access_level === asked.access_level ? undefined : 'access level';
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.every((item) => b.includes(item)) && b.every((item) => a.includes(item));
}

async function probe(api: Pick<GitlabApi, 'self'>, value: Secret): Promise<Probe> {
  const answer = await api.self(value);
  if (answer.status === 401) return refusalOf(answer.json(Refusal).error);
  // 403 may mean a blocked address or terms to accept: nothing is known of the token.
  if (answer.status !== 200) return { outcome: 'unknown', reason: `GitLab answered ${answer.status} to the token` };
  const self = answer.json(AccessToken);
  if (!self.active || self.revoked) return { outcome: 'unknown', reason: 'GitLab accepted a token that it calls inactive' };
  return { outcome: 'alive', scopes: self.scopes, ...(self.expires_at !== null && { expiresAt: self.expires_at }) };
}

/** A proof of possession may be asked of a live token too (lib/api/api_guard.rb); every other refusal is of the token. */
function refusalOf(error: string | undefined): Probe {
  return error === 'dpop_error' ? { outcome: 'unknown', reason: 'GitLab asks for a proof of possession with this token' } : { outcome: 'refused' };
}

/** The value says which token it is; only the resource's own list says that it belongs there. */
async function identify(api: GitlabApi, account: string, value: Secret): Promise<Credential | undefined> {
  const answer = await api.self(value);
  if (answer.status !== 200) return undefined;
  const { id } = answer.json(AccessToken);
  const entry = (await api.list()).find((token) => token.id === id);
  return entry && credentialOf(account, entry);
}

async function revoke(api: GitlabApi, account: string, handle: string): Promise<void> {
  const id = idOf(account, handle);
  if (await api.remove(id)) return;
  const left = (await api.list()).find((token) => token.id === id);
  if (left?.active) throw new KeyturnError('issuer-answer', `GitLab says that it has no token ${handle}, yet it lists it as active.`);
}

function idOf(account: string, handle: string): number {
  const id = handle.startsWith(`${account}/`) ? handle.slice(account.length + 1) : '';
  if (/^[1-9]\d{0,15}$/.test(id)) return Number(id);
  throw new KeyturnError('not-granted', `The handle "${handle}" is no token of ${account}.`);
}

function credentialOf(account: string, token: AccessToken): Credential {
  return {
    handle: `${account}/${token.id}`,
    name: token.name,
    active: token.active && !token.revoked,
    createdAt: token.created_at,
    scopes: token.scopes,
    ...(token.expires_at !== null && { expiresAt: token.expires_at }),
    ...(typeof token.last_used_at === 'number' && { lastUsedAt: token.last_used_at }),
  };
}
