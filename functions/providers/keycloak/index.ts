import { clientSecrets } from '../client-secrets.ts';
import { httpClient } from '../http.ts';
import { pathOf } from '../request.ts';
import { renew } from './admin-api.ts';
import { descriptor } from './descriptor.ts';
import { probeClient } from './probe.ts';
import { Admin, Grant } from './schema.ts';

/** Client secrets of a Keycloak realm's clients, each of which has one: a new one ends the one before. */
export const keycloak = clientSecrets({
  descriptor,
  admin: Admin,
  grant: Grant,
  kind: 'client',
  account: ({ realm }: Admin, clientId) => pathOf`realms/${realm}/clients/${clientId}`,
  clientOf: (origin, tools) => httpClient({ origin, tools }),
  ask: (http, { admin: { realm }, clientId }, value) => probeClient(http, { realm, clientId }, value),
  replace: renew,
});
