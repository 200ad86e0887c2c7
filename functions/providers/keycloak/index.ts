import { KeyturnError } from '../../core/basics/errors.ts';
import type { Provider, ProviderTools, ReplacingSession } from '../../core/issuer/provider.ts';
import { grantFor } from '../grant-of.ts';
import { readAdmin } from '../grants.ts';
import { httpClient } from '../http.ts';
import { accountOf, inPlaces, noneMadeAt, placeAt, type Place } from '../places.ts';
import { pathOf } from '../request.ts';
import { renew } from './admin-api.ts';
import { descriptor } from './descriptor.ts';
import { probeClient } from './probe.ts';
import { Admin, Grant, type Client } from './schema.ts';

const GRANTS = {
  provider: descriptor.id,
  schema: Grant,
  alone: { field: 'clientId', kind: 'client' },
};

/** Client secrets of a Keycloak realm's clients, each of which has one: a new one ends the one before. */
export const keycloak: Provider = {
  descriptor,
  examine(text, tools) {
    const admin = readAdmin(descriptor.id, text, Admin);
    return probeClient(httpClient({ origin: admin.url, tools }), admin, admin.clientSecret);
  },
  adminValues: (text) => [readAdmin(descriptor.id, text, Admin).clientSecret],
  ...inPlaces((text, secretName) => {
    const admin = readAdmin(descriptor.id, text, Admin);
    const grant = grantFor(GRANTS, admin.grants, secretName);
    requireAnother(admin, grant);
    const at = ({ clientId }: Client, isFormer: boolean): Place => {
      const reach = placeAt(admin.url, pathOf`realms/${admin.realm}/clients/${clientId}`, clientId);
      return {
        reach,
        beside: [{ client_id: clientId }],
        open: (tools) => sessionAt({ admin, clientId, reach, isFormer }, tools),
      };
    };
    return [at(grant, false), ...(grant.formerly ?? []).map((one) => at(one, true))];
  }),
};

/** With its own secret gone, Keyturn could not reach the realm any more. Error: `admin-invalid`. */
function requireAnother({ clientId }: Admin, grant: Grant): void {
  if (grant.clientId === clientId)
    throw new KeyturnError(
      'admin-invalid',
      `The admin secret of ${descriptor.id} grants ${grant.secret} the client whose own client secret it ` +
        'holds: name another client.',
    );
}

interface Bound {
  readonly admin: Admin;
  readonly clientId: string;
  readonly reach: Place['reach'];
  readonly isFormer: boolean;
}

function sessionAt({ admin, clientId, reach, isFormer }: Bound, tools: ProviderTools): ReplacingSession {
  const http = httpClient({ origin: admin.url, tools });
  const account = accountOf(reach);
  return {
    kind: 'replacing',
    account,
    reach,
    probe: (value) => probeClient(http, { realm: admin.realm, clientId }, value),
    async replace(permit) {
      permit.requireFor(account);
      return isFormer ? noneMadeAt(account)() : renew(http, admin, clientId);
    },
  };
}
