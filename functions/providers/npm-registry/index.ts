import { KeyturnError } from '../../core/basics/errors.ts';
import type {
  ListedCredential,
  Minted,
  MintingSession,
  Probe,
  Provider,
  ProviderTools,
} from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { grantFor, readableGrants } from '../grant-of.ts';
import { readAdmin } from '../grants.ts';
import { httpClient, type HttpClient } from '../http.ts';
import { accountOf, inPlaces, noneMadeAt, noValueOf, placeAt, type Place } from '../places.ts';
import { asking, askingAll, isAccepted } from '../verdicts.ts';
import { createToken, deleteToken, listRequest, listTokens, profileRequest } from './api.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Grant,
  GrantPasswords,
  MadeToken,
  MintedToken,
  type ListedToken,
  type User,
} from './schema.ts';
import { claimsOf, matchOf } from './value.ts';
import { PASSWORD_VERDICTS, isConfined, tokenVerdicts } from './verdicts.ts';

const GRANTS = {
  provider: descriptor.id,
  schema: Grant,
  alone: { field: 'user', kind: 'user' },
};

export const npmRegistry: Provider = {
  descriptor,
  examine(admin, tools) {
    const { url, grants } = readAdmin(descriptor.id, admin, Admin);
    const http = httpClient({ origin: url, tools });
    return askingAll(
      readableGrants(GRANTS, grants).map(
        (grant) => () => asking({ http, request: listRequest(grant), verdicts: PASSWORD_VERDICTS }),
      ),
    );
  },
  adminValues: (admin) =>
    readAdmin(descriptor.id, admin, Admin).grants.flatMap((grant) => GrantPasswords.parse(grant)),
  ...inPlaces((admin, secretName) => {
    const { url, grants } = readAdmin(descriptor.id, admin, Admin);
    const grant = grantFor(GRANTS, grants, secretName);
    const at = (user: User, isFormer: boolean): Place => {
      const reach = placeAt(url, `-/user/${user.user}`);
      return { reach, open: (tools) => sessionAt({ url, user, grant, reach, isFormer }, tools) };
    };
    return [at(grant, false), ...(grant.formerly ?? []).map((user) => at(user, true))];
  }),
};

interface Bound {
  readonly url: string;
  readonly user: User;
  readonly grant: Grant;
  readonly reach: Place['reach'];
  readonly isFormer: boolean;
}

function sessionAt({ url, user, grant, reach, isFormer }: Bound, tools: ProviderTools): MintingSession {
  const http = httpClient({ origin: url, tools });
  const account = accountOf(reach);
  const verdicts = tokenVerdicts(user.user, isConfined(grant));
  const probe = (value: Secret): Promise<Probe> => probeToken(http, value, verdicts);
  return {
    kind: 'minting',
    account,
    reach,
    mint: isFormer ? noneMadeAt(account) : () => mint(http, grant, account),
    probe,
    revoke: async (handle) => deleteToken(http, user, keyOf(handle, account)),
    list: async () => (await listTokens(http, user)).map((token) => listedCredentialOf(token, account)),
    async identify(value) {
      const match = matchOf(value, await listTokens(http, user));
      // A text with the right ends can be made up by anyone; only a value that the registry takes is one of its tokens.
      if (!match || !isTaken(await probe(value), grant)) return undefined;
      return { ...listedCredentialOf(match, account), ...expiryOf(value) };
    },
  };
}

/** First what must not be lost, leniently; then the rest, whose faults are told and never thrown. */
async function mint(http: HttpClient, grant: Grant, account: string): Promise<Minted> {
  const answer = await createToken(http, grant);
  const { key, token } = answer.json(MadeToken);
  const handle = handleOf(key, account);
  const made = answer.read(MintedToken);
  const differs = [
    token === undefined ? 'no value' : undefined,
    made ? differenceOf(grant, made) : 'fields that are not as documented',
  ].find((one) => one !== undefined);
  return {
    handle,
    value: token ?? noValueOf(handle),
    ...(differs !== undefined && { differs }),
    ...(made && { createdAt: made.created }),
    ...(token && expiryOf(token)),
  };
}

function differenceOf(
  grant: Grant,
  { readonly, cidr }: { readonly readonly: boolean; readonly cidr?: readonly string[] | null | undefined },
): string | undefined {
  if (readonly !== grant.readonly) return 'another right to write';
  return (cidr ?? []).toSorted().join() === grant.cidr.toSorted().join()
    ? undefined
    : 'other networks (cidr)';
}

/** Of a token that is limited to networks nobody knows, from elsewhere, whether it is a good one: it is none that can be named. Error: `issuer-response-invalid`. */
function isTaken(probe: Probe, grant: Grant): boolean {
  return probe.outcome === 'unknown' && isConfined(grant) ? false : isAccepted(probe);
}

async function probeToken(
  http: HttpClient,
  value: Secret,
  verdicts: ReturnType<typeof tokenVerdicts>,
): Promise<Probe> {
  const probe = await asking({ http, request: profileRequest(value), verdicts });
  return probe.outcome === 'alive' ? { ...probe, ...expiryOf(value) } : probe;
}

function expiryOf(value: Secret): { expiresAt?: number } {
  const { expiresAt } = claimsOf(value);
  return expiresAt === undefined ? {} : { expiresAt };
}

/** What Verdaccio lists is active: a deleted token is gone from the list, and of an ended JWT it knows nothing. */
function listedCredentialOf({ key, created, cidr }: ListedToken, account: string): ListedCredential {
  return {
    handle: handleOf(key, account),
    state: 'active',
    active: true,
    createdAt: created,
    ...(cidr && cidr.length > 0 && { onlyFrom: cidr }),
  };
}

function handleOf(key: string, account: string): string {
  return `${account}/tokens/${key}`;
}

function keyOf(handle: string, account: string): string {
  const key = handle.slice(handleOf('', account).length);
  if (handle === handleOf(key, account) && key !== '') return key;
  throw new KeyturnError(
    'not-granted',
    `The handle of the credential to revoke is not one of ${account}, which is all that this grant allows.`,
  );
}
