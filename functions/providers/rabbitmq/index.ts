import { KeyturnError } from '../../core/basics/errors.ts';
import type { Beside, ChoosingSession, Probe, Provider, ProviderTools } from '../../core/issuer/provider.ts';
import { Secret } from '../../core/basics/secret.ts';
import { grantFor, type GrantRule } from '../grant-of.ts';
import { readAdmin } from '../grants.ts';
import { httpClient, type HttpClient } from '../http.ts';
import { accountOf, inPlaces, noneMadeAt, placeAt, type Place } from '../places.ts';
import { asking } from '../verdicts.ts';
import { usersApi, whoRequest } from './api.ts';
import { descriptor } from './descriptor.ts';
import { identified, installed, listedOf, revoked, type Pair } from './pair.ts';
import { Admin, grantOf, type Grant, type Place as Users } from './schema.ts';
import { SAFE_REASONS, adminVerdicts, userVerdicts } from './verdicts.ts';

/** 48 bytes make 64 characters of base64url. */
const PASSWORD_BYTES = 48;

const ruleFor = (admin: string): GrantRule<Grant> => ({
  provider: descriptor.id,
  schema: grantOf(admin),
  alone: { field: 'users', kind: 'user' },
});

export const rabbitmq: Provider = {
  descriptor,
  examine(secret, tools) {
    const { url, username, password } = readAdmin(descriptor.id, secret, Admin);
    return asking({
      http: clientOf(url, tools),
      request: whoRequest(username, password),
      verdicts: adminVerdicts(username),
    });
  },
  adminValues: (secret) => [readAdmin(descriptor.id, secret, Admin).password],
  ...inPlaces((secret, secretName) => {
    const { url, username, password, grants } = readAdmin(descriptor.id, secret, Admin);
    const grant = grantFor(ruleFor(username), grants, secretName);
    const at = ({ users }: Users, isFormer: boolean): Place => {
      const reach = placeAt(url, `users/${users.toSorted().join('+')}`);
      return {
        reach,
        beside: users.map((name) => besideOf(name)),
        open: (tools) => {
          const http = clientOf(url, tools);
          const host = accountOf({ ...reach, account: 'users' });
          const pair = { users, grant, host, api: usersApi(http, { username, password }) };
          return sessionAt({ pair, http, reach, isFormer });
        },
      };
    };
    return [at(grant, false), ...(grant.formerly ?? []).map((place) => at(place, true))];
  }),
};

function clientOf(origin: string, tools: ProviderTools): HttpClient {
  return httpClient({ origin, tools, safe: SAFE_REASONS });
}

interface Bound {
  readonly pair: Pair;
  readonly http: HttpClient;
  readonly reach: Place['reach'];
  readonly isFormer: boolean;
}

function sessionAt({ pair, http, reach, isFormer }: Bound): ChoosingSession {
  const account = accountOf(reach);
  const { users, host } = pair;
  const probe = (value: Secret, beside: Beside = {}): Promise<Probe> =>
    acceptedAs(http, namesFor(users, beside), value);
  return {
    kind: 'choosing',
    account,
    reach,
    slots: [`${host}/${users[0]}`, `${host}/${users[1]}`],
    choose: (random, slot) => ({
      value: new Secret(Buffer.from(random.bytes(PASSWORD_BYTES)).toString('base64url')),
      fields: besideOf(users.find((name) => slot === `${host}/${name}`) ?? users[0]),
    }),
    install: isFormer
      ? noneMadeAt(account)
      : async (value, beside) => {
          const [name, another] = namesFor(users, beside);
          if (name === undefined || another !== undefined)
            throw new KeyturnError(
              'bad-request',
              `Nothing says which user of ${account} the new value is for.`,
            );
          return installed(pair, { name, value }, (await probe(value, beside)).outcome === 'active');
        },
    probe,
    revoke: (handle) => revoked(pair, handle),
    list: async () => (await listedOf(pair)).map(({ credential }) => credential),
    identify: (value, beside = {}) => identified(pair, value, namesFor(users, beside)),
  };
}

/** What consumers log in with, beside the password. */
function besideOf(username: string): Beside {
  return { username };
}

/** The users that a value may be of: the one that stands beside it, or both where none does. */
function namesFor(users: readonly string[], { username }: Beside): readonly string[] {
  return username === undefined ? users : users.filter((name) => name === username);
}

/**
 * Whether a password is accepted with one of these names. Inactive: each of them is refused with it.
 */
async function acceptedAs(http: HttpClient, names: readonly string[], value: Secret): Promise<Probe> {
  let unknown: Probe | undefined =
    names.length === 0
      ? {
          outcome: 'unknown',
          reason: 'The field username beside the value names no user of the grant: correct it, or the grant.',
        }
      : undefined;
  for (const name of names) {
    const probe = await asking({ http, request: whoRequest(name, value), verdicts: userVerdicts(name) });
    if (probe.outcome === 'active') return probe;
    if (probe.outcome === 'unknown') unknown ??= probe;
  }
  return unknown ?? { outcome: 'inactive' };
}
