import type { MintingSession, Probe, Provider, ProviderTools } from '../../core/issuer/provider.ts';
import { adminReader, grantRule } from '../declared/admin.ts';
import { grantFor, readableGrants } from '../grant-of.ts';
import { httpClient, type HttpClient } from '../http.ts';
import { accountOf as nameOf, inPlaces, noneMadeAt, placeAt, type Place } from '../places.ts';
import { asking, askingAll } from '../verdicts.ts';
import { asAdmin, isOf } from './admin.ts';
import { checking } from './check.ts';
import { descriptor } from './descriptor.ts';
import { REASONS } from './reasons.ts';
import { about, accountOf } from './requests.ts';
import { Admin, Grant, Role } from './schema.ts';
import { identified, listed, minted, revoked, type Bound } from './secret-ids.ts';
import { ADMIN_VERDICTS, roleIdVerdicts, roleVerdicts } from './verdicts.ts';

/** Most mounts allow 32 days, and any can be set to more. */
const MOST_DAYS = 3_650;

const FORM = { descriptor, admin: Admin, place: Role, grant: Grant, mostDays: MOST_DAYS, apiPath: '/v1' };
const read = adminReader(FORM);
const rule = grantRule(FORM);

export const vaultApprole: Provider = {
  descriptor,
  async examine(secret, tools) {
    const { url, admin, grants } = read(secret);
    const http = asAdmin(clientOf(url, tools), admin);
    const roles = readableGrants(rule, grants);
    const probe = await askingAll(roles.flatMap((role) => questions(http, role)));
    const own = roles.find((role) => isOf(admin, role));
    if (probe.outcome !== 'active' || !own) return probe;
    return asking({
      http,
      request: { ...about(own).lookUpValue(admin.secret_id), repeatable: true },
      verdicts: ADMIN_VERDICTS,
    });
  },
  adminValues: (secret) => [read(secret).admin.secret_id],
  ...inPlaces((secret, secretName) => {
    const { url, admin, grants } = read(secret);
    const { maxDays = MOST_DAYS, formerly = [], ...grant } = grantFor(rule, grants, secretName);
    const at = (role: Role, isFormer: boolean): Place => {
      const reach = placeAt(url, accountOf(role), role.roleId);
      return {
        reach,
        beside: [{ role_id: role.roleId }],
        open: (tools) => {
          const bare = clientOf(url, tools);
          const bound = {
            http: asAdmin(bare, admin),
            ask: about(role),
            name: nameOf(reach),
            maxDays,
            now: () => tools.now(),
          };
          return sessionOf(bound, { reach, role, isFormer, bare });
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
function questions(http: HttpClient, role: Granted): readonly (() => Promise<Probe>)[] {
  const { maxDays = MOST_DAYS } = role;
  const ask = about(role);
  return [
    () => asking({ http, request: ask.role, verdicts: roleVerdicts(role, maxDays) }),
    () => asking({ http, request: ask.roleId, verdicts: roleIdVerdicts(role) }),
  ];
}

interface At extends Pick<Place, 'reach'> {
  /** Without the admin. */
  readonly bare: HttpClient;
  readonly role: Role;
  readonly isFormer: boolean;
}

function sessionOf(bound: Bound, { reach, role, isFormer, bare }: At): MintingSession {
  const { name, maxDays } = bound;
  return {
    kind: 'minting',
    account: name,
    reach,
    maxDays,
    mint: isFormer
      ? noneMadeAt(name)
      : async (request) => ({ ...(await minted(bound, request)), fields: { role_id: role.roleId } }),
    probe: checking(bare, role),
    revoke: (handle) => revoked(bound, handle),
    list: () => listed(bound),
    identify: (value) => identified(bound, value),
  };
}
