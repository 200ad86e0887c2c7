import { KeyturnError } from '../../core/errors.ts';
import type { ChoosingSession, Credential, Provider } from '../../core/provider.ts';
import { Secret } from '../../core/secret.ts';
import { epochDialect } from '../dialect.ts';
import { grantFor, readAdmin } from '../grants.ts';
import { examined, httpClient } from '../http.ts';
import { secretsApi, type SecretsApi } from './api.ts';
import { descriptor } from './descriptor.ts';
import { probeSecret } from './probe.ts';
import { Admin, type ClientSecret } from './schema.ts';

/** 48 bytes make 64 characters of base64url, as long as the secrets that Okta makes itself. */
const SECRET_BYTES = 48;

export const okta: Provider = {
  descriptor,
  examine(admin, tools) {
    const { url, token, grants } = readAdmin(descriptor.id, admin, Admin);
    const http = httpClient({ origin: url, tools, dialect: epochDialect('x-rate-limit-reset') });
    return examined(() => Promise.all(grants.slice(0, 1).map((grant) => secretsApi(http, token, grant.app).list())));
  },
  adminValues: (admin) => [readAdmin(descriptor.id, admin, Admin).token],
  open(admin, secretName, tools): ChoosingSession {
    const { url, token, grants } = readAdmin(descriptor.id, admin, Admin);
    const grant = grantFor(descriptor.id, grants, secretName);
    const http = httpClient({ origin: url, tools, dialect: epochDialect('x-rate-limit-reset') });
    const api = secretsApi(http, token, grant.app);
    const account = `${new URL(url).host}/apps/${grant.app}`;
    const clientId = grant.clientId ?? grant.app;
    return {
      kind: 'choosing',
      account,
      choose: (random) => ({ value: new Secret(Buffer.from(random(SECRET_BYTES)).toString('base64url')), fields: { client_id: clientId } }),
      install: async (value) => credentialOf(await installed(api, value, grant.app), account),
      probe: (value) => probeSecret(http, grant, value),
      revoke: async (handle) => revoke(api, idOf(handle, account), grant.app),
      list: async () => (await api.list()).map((secret) => credentialOf(secret, account)),
      async identify(value) {
        const { found } = await api.look(value);
        return found && credentialOf(found, account);
      },
    };
  },
};

async function installed(api: SecretsApi, value: Secret, app: string): Promise<ClientSecret> {
  const { found, taken } = await api.look(value);
  if (found) return found.status === 'ACTIVE' ? found : api.activate(found.id);
  const created = taken < descriptor.slots ? await api.create(value) : undefined;
  if (created) return created;
  const after = await api.look(value);
  if (after.taken >= descriptor.slots)
    throw new KeyturnError('no-slot', `Both client secrets of the application ${app} are taken, active or not: delete one that nobody uses.`);
  throw new KeyturnError('issuer-refused', `Okta does not accept a new client secret for the application ${app}: check that it authenticates by client secret.`);
}

async function revoke(api: SecretsApi, id: string, app: string): Promise<void> {
  const listed = await api.list();
  const target = listed.find((secret) => secret.id === id);
  if (!target) return;
  if (!listed.some((secret) => secret.id !== id && secret.status === 'ACTIVE'))
    throw new KeyturnError('issuer-refused', `The application ${app} has no other active client secret: Okta does not let go of the last one.`);
  const removed = (target.status === 'INACTIVE' || (await api.deactivate(id))) && (await api.remove(id));
  // Another run may have been quicker; a wrong answer from something in between must not pass for that.
  if (!removed && (await api.list()).some((secret) => secret.id === id))
    throw new KeyturnError('issuer-refused', `Okta answered that the client secret ${id} of the application ${app} does not exist, and lists it.`);
}

function credentialOf(secret: ClientSecret, account: string): Credential {
  return { handle: `${account}/secrets/${secret.id}`, active: secret.status === 'ACTIVE', createdAt: secret.created };
}

function idOf(handle: string, account: string): string {
  const prefix = `${account}/secrets/`;
  if (handle.startsWith(prefix) && handle.length > prefix.length) return handle.slice(prefix.length);
  throw new KeyturnError('not-granted', `The handle of the credential to revoke is not one of ${account}, which is all that this grant allows.`);
}
