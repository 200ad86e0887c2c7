import { KeyturnError } from '../../core/basics/errors.ts';
import type {
  ChoosingSession,
  ListedCredential,
  Provider,
  ProviderTools,
} from '../../core/issuer/provider.ts';
import { Secret } from '../../core/basics/secret.ts';
import { grantFor, type GrantRule } from '../grant-of.ts';
import { readAdmin } from '../grants.ts';
import { httpClient, type HttpClient } from '../http.ts';
import { accountOf, inPlaces, noneMadeAt, placeAt, type Place } from '../places.ts';
import { asking } from '../verdicts.ts';
import { ACL_FILE, commandsAs, userApi, type UserApi } from './api.ts';
import { descriptor } from './descriptor.ts';
import { hashOf, markOf } from './hash.ts';
import { Admin, grantOf, type Grant, type User } from './schema.ts';
import { ADMIN_VERDICTS, SAFE_REASONS, userVerdicts } from './verdicts.ts';

/** 32 bytes make 43 characters of base64url. */
const PASSWORD_BYTES = 32;

const ruleFor = (admin: string): GrantRule<Grant> => ({
  provider: descriptor.id,
  schema: grantOf(admin),
  alone: { field: 'user', kind: 'user' },
});

/** Its requests are carried by functions/adapters/redis-transport.ts, which says what they hold. */
export const redis: Provider = {
  descriptor,
  examine(secret, tools) {
    const { url, username, password } = readAdmin(descriptor.id, secret, Admin);
    return asking({
      http: clientOf(url, tools),
      request: commandsAs([username, password], '/aclfile', [ACL_FILE]),
      verdicts: ADMIN_VERDICTS,
    });
  },
  adminValues: (secret) => [readAdmin(descriptor.id, secret, Admin).password],
  ...inPlaces((secret, secretName) => {
    const { url, username, password, grants } = readAdmin(descriptor.id, secret, Admin);
    const grant = grantFor(ruleFor(username), grants, secretName);
    const at = (user: string, isFormer: boolean): Place => {
      const reach = placeAt(url, `users/${user}`);
      return {
        reach,
        beside: [{ username: user }],
        open: (tools) => {
          const http = clientOf(url, tools);
          const api = userApi(http, [username, password], user);
          return sessionAt({ user, http, api, reach, isFormer });
        },
      };
    };
    return [at(grant.user, false), ...(grant.formerly ?? []).map((place) => at(place.user, true))];
  }),
};

function clientOf(origin: string, tools: ProviderTools): HttpClient {
  return httpClient({ origin, tools, safe: SAFE_REASONS });
}

interface Bound {
  readonly user: string;
  readonly http: HttpClient;
  readonly api: UserApi;
  readonly reach: Place['reach'];
  readonly isFormer: boolean;
}

function sessionAt({ user, http, api, reach, isFormer }: Bound): ChoosingSession {
  const account = accountOf(reach);
  const shown = ({ flags }: User, hash: string): ListedCredential => ({
    handle: `${account}/passwords/${markOf(hash)}`,
    // A user that is off can be switched on again, with all its passwords.
    ...(flags.includes('on') ? { state: 'active', active: true } : { state: 'disabled', active: false }),
  });
  return {
    kind: 'choosing',
    account,
    reach,
    choose: (random) => ({
      value: new Secret(Buffer.from(random.bytes(PASSWORD_BYTES)).toString('base64url')),
      fields: { username: user },
    }),
    install: isFormer
      ? noneMadeAt(account)
      : async (value) => shown(await installed(api, user, hashOf(value)), hashOf(value)),
    probe: async (value, { username = user } = {}) =>
      username === user
        ? asking({
            http,
            request: commandsAs([user, value], '/auth', []),
            verdicts: userVerdicts(user),
          })
        : {
            outcome: 'unknown',
            reason: `The field username beside the value does not name ${user}: correct it, or the grant.`,
          },
    revoke: (handle) => revoked(api, account, handle),
    list: async () => {
      const found = required(await api.user(), user);
      return found.hashes.map((hash) => shown(found, hash));
    },
    identify: async (value) => {
      const found = required(await api.user(), user);
      const hash = found.hashes.find((one) => one === hashOf(value));
      return hash === undefined ? undefined : shown(found, hash);
    },
  };
}

function required(user: User | undefined, name: string): User {
  if (user) return user;
  throw new KeyturnError(
    'issuer-refused',
    `Redis knows no user ${name}: create it with its rights, or correct user in the grant.`,
  );
}

/** Nothing is added that a restart would take away, or that consumers could not use. */
async function installed(api: UserApi, name: string, hash: string): Promise<User> {
  const { user: found, isKept } = await api.userAndFile();
  const user = required(found, name);
  const problem = isKept
    ? problemOf(user)
    : 'has no ACL file, so a restart brings revoked passwords back: set aclfile';
  if (problem !== undefined)
    throw new KeyturnError('issuer-refused', `Redis takes no new password for ${name}: ${problem}.`);
  await api.add(hash);
  return user;
}

function problemOf({ flags }: User): string | undefined {
  if (flags.includes('off')) return 'the user is off, so switch it on first';
  // Its first password would shut out everybody who has none.
  return flags.includes('nopass')
    ? 'the user is let in without one (nopass), so take that away first'
    : undefined;
}

/** The file is written even where the password is gone: it may have been removed and not kept. */
async function revoked(api: UserApi, account: string, handle: string): Promise<void> {
  const start = `${account}/passwords/`;
  const mark = handle.startsWith(start) ? handle.slice(start.length) : '';
  if (!/^[0-9a-f]{16}$/.test(mark))
    throw new KeyturnError(
      'not-granted',
      `The handle of the credential to revoke is not one of ${account}, which is all that this grant allows.`,
    );
  const hash = (await api.user())?.hashes.find((one) => markOf(one) === mark);
  await (hash === undefined ? api.save() : api.remove(hash));
}
