import { KeyturnError } from '../../core/basics/errors.ts';
import type {
  ListedCredential,
  MintingSession,
  Provider,
  ProviderTools,
} from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { grantFor } from '../grant-of.ts';
import { readAdmin } from '../grants.ts';
import type { HttpClient } from '../http.ts';
import { accountOf, inPlaces, noneMadeAt, placeAt, type Place } from '../places.ts';
import { canonicalScopes } from '../scopes.ts';
import { asking, isAccepted, verdictOn } from '../verdicts.ts';
import { clientOf, gitlabApi, selfRequest, type GitlabApi } from './api.ts';
import { listedCredentialOf } from './credential.ts';
import { descriptor } from './descriptor.ts';
import { mint } from './mint.ts';
import { pathsOf } from './paths.ts';
import { AccessToken, Admin, Grant } from './schema.ts';
import { VERDICTS } from './verdicts.ts';

const GRANTS = { provider: descriptor.id, schema: Grant };

/**
 * Creates beside the old token and revokes that later. GitLab's own replacing call is never used: it revokes
 * the old token at once, and the new one too when called twice.
 */
export const gitlab: Provider = {
  descriptor,
  examine(admin, tools) {
    const { url, token } = readAdmin(descriptor.id, admin, Admin);
    return asking({ http: clientOf(url, tools), request: selfRequest(token), verdicts: VERDICTS });
  },
  adminValues: (admin) => [readAdmin(descriptor.id, admin, Admin).token],
  ...inPlaces((admin, secretName) => {
    const { url, token, grants } = readAdmin(descriptor.id, admin, Admin);
    const grant = grantFor(GRANTS, grants, secretName);
    const at = (resource: string, isFormer: boolean): Place => {
      const reach = placeAt(url, resource);
      return { reach, open: (tools) => sessionAt({ url, token, grant, reach, isFormer }, tools) };
    };
    return [at(grant.resource, false), ...(grant.formerly ?? []).map(({ resource }) => at(resource, true))];
  }),
};

interface Bound {
  readonly url: string;
  readonly token: Secret;
  readonly grant: Grant;
  readonly reach: Place['reach'];
  readonly isFormer: boolean;
}

function sessionAt({ url, token, grant, reach, isFormer }: Bound, tools: ProviderTools): MintingSession {
  const account = accountOf(reach);
  const http = clientOf(url, tools);
  const api = gitlabApi(http, token, pathsOf(reach.account));
  return {
    kind: 'minting',
    account,
    reach,
    scopes: canonicalScopes(grant.scopes),
    maxDays: grant.maxDays,
    mint: isFormer
      ? noneMadeAt(account)
      : (request) => mint(api, account, grant, { ...request, now: tools.now() }),
    probe: (value) => asking({ http, request: selfRequest(value), verdicts: VERDICTS }),
    revoke: (handle) => revoke(api, account, handle),
    list: async () => (await api.list()).map((entry) => listedCredentialOf(account, entry)),
    identify: (value) => identify(http, api, account, value),
  };
}

/** The value says which token it is; only the resource's own list says that it belongs there. */
async function identify(
  http: HttpClient,
  api: GitlabApi,
  account: string,
  value: Secret,
): Promise<ListedCredential | undefined> {
  const answer = await http.send({ ...selfRequest(value), accept: 'any' });
  if (!isAccepted(verdictOn(answer, VERDICTS))) return undefined;
  const { id } = answer.json(AccessToken);
  const entry = (await api.list()).find((token) => token.id === id);
  return entry && listedCredentialOf(account, entry);
}

async function revoke(api: GitlabApi, account: string, handle: string): Promise<void> {
  const id = idOf(account, handle);
  const { left } = await api.remove(id);
  if (left === undefined) return;
  const entry = (await api.list()).find((token) => token.id === id);
  if (entry?.active)
    throw new KeyturnError(
      'issuer-response-invalid',
      `GitLab answered ${left} to the revocation of ${handle}, yet it lists it as active.`,
    );
}

function idOf(account: string, handle: string): number {
  const id = handle.startsWith(`${account}/`) ? handle.slice(account.length + 1) : '';
  if (/^[1-9]\d{0,15}$/.test(id)) return Number(id);
  throw new KeyturnError('not-granted', `The handle "${handle}" is no token of ${account}.`);
}
