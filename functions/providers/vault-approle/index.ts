import type { MintingSession, Probe, Provider, ProviderTools } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { adminReader, grantRule } from '../declared/admin.ts';
import { grantFor, readableGrants } from '../grant-of.ts';
import { httpClient, type HttpClient } from '../http.ts';
import { accountOf as nameOf, inPlaces, noneMadeAt, placeAt, type Place } from '../places.ts';
import { asking, askingAll } from '../verdicts.ts';
import { checking } from './check.ts';
import { descriptor } from './descriptor.ts';
import { REASONS } from './reasons.ts';
import { accountOf, asToken } from './requests.ts';
import { Admin, Grant, Role } from './schema.ts';
import { identified, listed, minted, revoked, type Bound } from './secret-ids.ts';
import { TOKEN_VERDICTS, roleIdVerdicts, roleVerdicts } from './verdicts.ts';

/** Most mounts allow 32 days, and any can be set to more. */
const MOST_DAYS = 3_650;

const FORM = { descriptor, admin: Admin, place: Role, grant: Grant, mostDays: MOST_DAYS, apiPath: '/v1' };
const read = adminReader(FORM);
const rule = grantRule(FORM);

export const vaultApprole: Provider = {
  descriptor,
  async examine(secret, tools) {
    const { url, admin, grants } = read(secret);
    const http = clientOf(url, tools);
    const roles = readableGrants(rule, grants);
    const [first] = roles;
    if (!first) return askingAll([]);
    const self = await asking({
      http,
      request: asToken(first, admin.token).self,
      verdicts: TOKEN_VERDICTS,
    });
    if (self.outcome !== 'active') return self;
    const others = await askingAll(roles.flatMap((role) => questions(http, admin.token, role)));
    return others.outcome === 'active' ? self : others;
  },
  adminValues: (secret) => [read(secret).admin.token],
  ...inPlaces((secret, secretName) => {
    const { url, admin, grants } = read(secret);
    const { maxDays = MOST_DAYS, formerly = [], ...grant } = grantFor(rule, grants, secretName);
    const at = (role: Role, isFormer: boolean): Place => {
      const reach = placeAt(url, accountOf(role), role.roleId);
      return {
        reach,
        beside: [{ role_id: role.roleId }],
        open: (tools) => {
          const http = clientOf(url, tools);
          const bound = {
            http,
            ask: asToken(role, admin.token),
            name: nameOf(reach),
            maxDays,
            now: () => tools.now(),
          };
          return sessionOf(bound, { reach, role, isFormer });
        },
      };
    };
    return [at(grant, false), ...formerly.map((role) => at(role, true))];
  }),
};

function clientOf(origin: string, tools: ProviderTools): HttpClient {
  return httpClient({ origin, tools, safe: REASONS });
}

type Granted = ReturnType<typeof readableGrants<Role & { readonly maxDays?: number | undefined }>>[number];

/** What is asked about the role of a grant. */
function questions(http: HttpClient, token: Secret, role: Granted): readonly (() => Promise<Probe>)[] {
  const { maxDays = MOST_DAYS } = role;
  const ask = asToken(role, token);
  return [
    () => asking({ http, request: ask.role, verdicts: roleVerdicts(role, maxDays) }),
    () => asking({ http, request: ask.roleId, verdicts: roleIdVerdicts(role) }),
  ];
}

interface At extends Pick<Place, 'reach'> {
  readonly role: Role;
  readonly isFormer: boolean;
}

function sessionOf(bound: Bound, { reach, role, isFormer }: At): MintingSession {
  const { http, name, maxDays } = bound;
  return {
    kind: 'minting',
    account: name,
    reach,
    maxDays,
    mint: isFormer
      ? noneMadeAt(name)
      : async (request) => ({ ...(await minted(bound, request)), fields: { role_id: role.roleId } }),
    probe: checking(http, role),
    revoke: (handle) => revoked(bound, handle),
    list: () => listed(bound),
    identify: (value) => identified(bound, value),
  };
}
