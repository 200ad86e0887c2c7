import type { Beside, ChoosingSession, Provider, ProviderTools } from '../../core/issuer/provider.ts';
import { Secret } from '../../core/basics/secret.ts';
import { Auth0Admin, auth0Client, auth0Login } from '../auth0-api.ts';
import { grantFor } from '../grant-of.ts';
import { readAdmin } from '../grants.ts';
import { accountOf, inPlaces, noneMadeAt, placeAt, type Place } from '../places.ts';
import { pathOf } from '../request.ts';
import { thumbprintOf } from '../signing-key.ts';
import { asking } from '../verdicts.ts';
import { keysApi } from './api.ts';
import { descriptor } from './descriptor.ts';
import { bind, identified, installed, listed, listedId, revoked, unbind, type Keys } from './keys.ts';
import { ADMIN_VERDICTS, probeKey } from './probe.ts';
import { Grant } from './schema.ts';

const RULE = { provider: descriptor.id, schema: Grant, alone: { field: 'clientId', kind: 'application' } };

/** Keys of Auth0's applications, each of which has two at most. */
export const auth0ClientKey: Provider = {
  descriptor,
  examine(text, tools) {
    const admin = readAdmin(descriptor.id, text, Auth0Admin);
    return asking({
      http: auth0Client(admin.url, tools),
      request: auth0Login(admin),
      verdicts: ADMIN_VERDICTS,
    });
  },
  adminValues: (text) => [readAdmin(descriptor.id, text, Auth0Admin).clientSecret],
  ...inPlaces((text, secretName) => {
    const admin = readAdmin(descriptor.id, text, Auth0Admin);
    const grant = grantFor(RULE, admin.grants, secretName);
    const at = (clientId: string, isFormer: boolean): Place => {
      const reach = placeAt(admin.url, pathOf`clients/${clientId}`, clientId);
      return {
        reach,
        beside: [{ client_id: clientId }],
        open: (tools) => sessionAt({ admin, clientId, reach, isFormer, tools }),
      };
    };
    return [at(grant.clientId, false), ...(grant.formerly ?? []).map(({ clientId }) => at(clientId, true))];
  }),
};

interface At {
  readonly admin: Auth0Admin;
  readonly clientId: string;
  readonly reach: Place['reach'];
  readonly isFormer: boolean;
  readonly tools: ProviderTools;
}

function sessionAt({ admin, clientId, reach, isFormer, tools }: At): ChoosingSession {
  const account = accountOf(reach);
  const http = auth0Client(admin.url, tools);
  const keys: Keys = { account, api: keysApi(http, admin, clientId), now: tools.now };
  return {
    kind: 'choosing',
    account,
    reach,
    choose: (random) => {
      const value = new Secret(random.rsaKey());
      return { value, fields: besideOf(clientId, value) };
    },
    install: isFormer ? noneMadeAt(account) : (value) => installed(keys, value),
    probe: (value, beside = {}) =>
      probeKey(http, { url: admin.url, clientId, now: tools.now(), uuid: tools.uuid }, value, beside),
    revoke: (handle) => revoked(keys, handle),
    toggle: {
      disable: async (handle) => unbind(keys, await listedId(keys, handle)),
      enable: async (handle) => bind(keys, await listedId(keys, handle)),
    },
    list: () => listed(keys),
    identify: (value) => identified(keys, value),
  };
}

/** What consumers sign with, beside the key. */
function besideOf(clientId: string, value: Secret): Beside {
  return { client_id: clientId, kid: thumbprintOf(value) ?? '' };
}
