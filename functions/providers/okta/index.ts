import { KeyturnError } from '../../core/basics/errors.ts';
import { roomOf } from '../../core/issuer/issuer-facts.ts';
import type {
  ChoosingSession,
  ListedCredential,
  Provider,
  ProviderTools,
} from '../../core/issuer/provider.ts';
import { Secret } from '../../core/basics/secret.ts';
import { epochDialect } from '../dialect.ts';
import { grantFor, readableGrants } from '../grant-of.ts';
import { readAdmin } from '../grants.ts';
import { httpClient, type HttpClient } from '../http.ts';
import { accountOf, inPlaces, noneMadeAt, placeAt, type Place } from '../places.ts';
import { asking, askingAll } from '../verdicts.ts';
import { listRequest, secretsApi, type SecretsApi } from './api.ts';
import { descriptor } from './descriptor.ts';
import { probeSecret } from './probe.ts';
import { Admin, Grant, type Application, type ClientSecret } from './schema.ts';
import { ADMIN_VERDICTS, SAFE_REASONS } from './verdicts.ts';

/** 48 bytes make 64 characters of base64url, as long as the secrets that Okta makes itself. */
const SECRET_BYTES = 48;
const GRANTS = {
  provider: descriptor.id,
  schema: Grant,
  alone: { field: 'app', kind: 'application' },
};

export const okta: Provider = {
  descriptor,
  examine(admin, tools) {
    const { url, token, grants } = readAdmin(descriptor.id, admin, Admin);
    const http = clientOf(url, tools);
    return askingAll(
      readableGrants(GRANTS, grants)
        .slice(0, 1)
        .map(
          (grant) => () => asking({ http, request: listRequest(token, grant.app), verdicts: ADMIN_VERDICTS }),
        ),
    );
  },
  adminValues: (admin) => [readAdmin(descriptor.id, admin, Admin).token],
  ...inPlaces((admin, secretName) => {
    const { url, token, grants } = readAdmin(descriptor.id, admin, Admin);
    const grant = grantFor(GRANTS, grants, secretName);
    const at = (application: Application, isFormer: boolean): Place => {
      const reach = placeAt(url, `apps/${application.app}`, application.clientId ?? application.app);
      return {
        reach,
        beside: besideAt(reach),
        open: (tools) => sessionAt({ url, token, grant, app: application.app, reach, isFormer }, tools),
      };
    };
    return [at(grant, false), ...(grant.formerly ?? []).map((application) => at(application, true))];
  }),
};

interface Bound {
  readonly url: string;
  readonly token: Secret;
  readonly grant: Grant;
  readonly app: string;
  readonly reach: Place['reach'];
  readonly isFormer: boolean;
}

function sessionAt(
  { url, token, grant, app, reach, isFormer }: Bound,
  tools: ProviderTools,
): ChoosingSession {
  const http = clientOf(url, tools);
  const api = secretsApi(http, token, app);
  const account = accountOf(reach);
  return {
    kind: 'choosing',
    account,
    reach,
    choose: (random) => ({
      value: new Secret(Buffer.from(random(SECRET_BYTES)).toString('base64url')),
      fields: besideAt(reach),
    }),
    install: isFormer
      ? noneMadeAt(account)
      : async (value) => listedCredentialOf(await installed(api, value, app), account),
    probe: (value) => probeSecret(http, grant, reach.clientId ?? app, value),
    revoke: async (handle) => revoke(api, idOf(handle, account), app),
    toggle: {
      disable: (handle) => change(api, handle, { account, wanted: 'INACTIVE' }),
      enable: (handle) => change(api, handle, { account, wanted: 'ACTIVE' }),
    },
    list: async () => (await api.list()).map((secret) => listedCredentialOf(secret, account)),
    async identify(value) {
      const { found } = await api.look(value);
      return found && listedCredentialOf(found, account);
    },
  };
}

/** What consumers send with a secret of an application. */
function besideAt({ clientId }: Place['reach']): Record<string, string> {
  return clientId === undefined ? {} : { client_id: clientId };
}

function clientOf(origin: string, tools: ProviderTools): HttpClient {
  return httpClient({ origin, tools, dialect: epochDialect('x-rate-limit-reset'), safe: SAFE_REASONS });
}

async function installed(api: SecretsApi, value: Secret, app: string): Promise<ClientSecret> {
  const { found, taken } = await api.look(value);
  if (found) return found.status === 'ACTIVE' ? found : api.activate(found.id);
  const created = taken < roomOf(descriptor.slots) ? await api.create(value) : undefined;
  if (created) return created;
  const after = await api.look(value);
  // Made, and answered in a form that could not be read.
  if (after.found?.status === 'ACTIVE') return after.found;
  if (after.taken >= roomOf(descriptor.slots))
    throw new KeyturnError(
      'credential-limit-reached',
      `Both client secrets of the application ${app} are taken, active or not: delete one that is not ` +
        'in use.',
    );
  throw new KeyturnError(
    'issuer-refused',
    `Okta does not accept a new client secret for the application ${app}: check that it authenticates ` +
      'by client secret.',
  );
}

/** Only an answer that shows this very secret in the state that is wanted is believed. */
async function change(
  api: SecretsApi,
  handle: string,
  { account, wanted }: { readonly account: string; readonly wanted: ClientSecret['status'] },
): Promise<void> {
  const id = idOf(handle, account);
  const answered = await api.change(id, wanted === 'ACTIVE' ? 'activate' : 'deactivate');
  if (answered?.id !== id || answered.status !== wanted)
    throw new KeyturnError(
      'issuer-response-invalid',
      `Okta did not say that the client secret ${handle} is ${wanted}.`,
    );
}

/** One that the list leaves out is deactivated too: only Okta's 404 to that says that it is gone. */
async function revoke(api: SecretsApi, id: string, app: string): Promise<void> {
  const listed = await api.list();
  const target = listed.find((secret) => secret.id === id);
  if (target && !listed.some((secret) => secret.id !== id && secret.status === 'ACTIVE'))
    throw new KeyturnError(
      'issuer-refused',
      `The application ${app} has no other active client secret: Okta does not let go of the last one.`,
    );
  const removed = (target?.status === 'INACTIVE' || (await api.deactivate(id))) && (await api.remove(id));
  // Another run may have been quicker; a wrong answer from something in between must not pass for that.
  if (!removed && (await api.list()).some((secret) => secret.id === id))
    throw new KeyturnError(
      'issuer-refused',
      `Okta answered that the client secret ${id} of the application ${app} does not exist, and lists it.`,
    );
}

/**
 * An inactive secret can be activated again ("Activate an OAuth 2.0 client secret"): disabled, not revoked.
 */
function listedCredentialOf({ id, status, created }: ClientSecret, account: string): ListedCredential {
  const isActive = status === 'ACTIVE';
  return {
    handle: `${account}/secrets/${id}`,
    state: isActive ? 'active' : 'disabled',
    active: isActive,
    createdAt: created,
  };
}

function idOf(handle: string, account: string): string {
  const prefix = `${account}/secrets/`;
  if (handle.startsWith(prefix) && handle.length > prefix.length) return handle.slice(prefix.length);
  throw new KeyturnError(
    'not-granted',
    `The handle of the credential to revoke is not one of ${account}, which is all that this grant allows.`,
  );
}
