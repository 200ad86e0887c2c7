import type * as z from 'zod';
import { KeyturnError } from '../core/basics/errors.ts';
import type { Secret } from '../core/basics/secret.ts';
import type { ProviderDescriptor } from '../core/issuer/provider-descriptor.ts';
import type { Probe, Provider, ProviderTools, Replaced, ReplacingSession } from '../core/issuer/provider.ts';
import { grantFor } from './grant-of.ts';
import { readAdmin } from './grants.ts';
import type { HttpClient } from './http.ts';
import { accountOf, inPlaces, noneMadeAt, placeAt, type Place } from './places.ts';

interface Client {
  readonly clientId: string;
}

interface Granted extends Client {
  readonly secret: string;
  readonly formerly?: readonly Client[] | undefined;
}

/** An admin secret that holds a client of the same kind, which manages the others. */
interface Manager extends Client {
  readonly url: string;
  readonly clientSecret: Secret;
  readonly grants: readonly unknown[];
}

/** An issuer whose clients have one client secret each, which the next one takes the place of. */
export interface ClientSecrets<A extends Manager> {
  readonly descriptor: ProviderDescriptor;
  readonly admin: z.ZodType<A>;
  readonly grant: z.ZodType<Granted>;
  /** What people call a client there. */
  readonly kind: string;
  /** The client from the issuer's root, as it is recorded with each of its secrets. */
  readonly account: (admin: A, clientId: string) => string;
  readonly clientOf: (origin: string, tools: ProviderTools) => HttpClient;
  /** Asks as the client, with its secret alone. */
  readonly ask: (http: HttpClient, asked: { admin: A; clientId: string }, value: Secret) => Promise<Probe>;
  /** Makes the next secret of the client. The call that does is sent once. */
  readonly replace: (http: HttpClient, admin: A, clientId: string) => Promise<Replaced>;
}

/**
 * The provider of such an issuer. Nothing is made without a permission for the very client, at a former one,
 * or of the client that the admin secret itself holds.
 */
export function clientSecrets<A extends Manager>(is: ClientSecrets<A>): Provider {
  const { id } = is.descriptor;
  const rule = { provider: id, schema: is.grant, alone: { field: 'clientId', kind: is.kind } };
  return {
    descriptor: is.descriptor,
    examine(text, tools) {
      const admin = readAdmin(id, text, is.admin);
      const { url, clientId, clientSecret } = admin;
      return is.ask(is.clientOf(url, tools), { admin, clientId }, clientSecret);
    },
    adminValues: (text) => [readAdmin(id, text, is.admin).clientSecret],
    ...inPlaces((text, secretName) => {
      const admin = readAdmin(id, text, is.admin);
      const grant = grantFor(rule, admin.grants, secretName);
      requireAnother(is, admin, grant);
      const at = ({ clientId }: Client, isFormer: boolean): Place => {
        const reach = placeAt(admin.url, is.account(admin, clientId), clientId);
        return {
          reach,
          beside: [{ client_id: clientId }],
          open: (tools) => sessionAt(is, { admin, clientId, reach, isFormer }, tools),
        };
      };
      return [at(grant, false), ...(grant.formerly ?? []).map((one) => at(one, true))];
    }),
  };
}

/** With its own secret gone, Keyturn could not reach the issuer any more. Error: `admin-invalid`. */
function requireAnother<A extends Manager>(
  { descriptor, kind }: ClientSecrets<A>,
  { clientId }: A,
  grant: Granted,
): void {
  if (grant.clientId === clientId)
    throw new KeyturnError(
      'admin-invalid',
      `The admin secret of ${descriptor.id} grants ${grant.secret} the ${kind} whose own client secret it ` +
        `holds: name another ${kind}.`,
    );
}

interface Bound<A> extends Client {
  readonly admin: A;
  readonly reach: Place['reach'];
  readonly isFormer: boolean;
}

function sessionAt<A extends Manager>(
  is: ClientSecrets<A>,
  { admin, clientId, reach, isFormer }: Bound<A>,
  tools: ProviderTools,
): ReplacingSession {
  const http = is.clientOf(admin.url, tools);
  const account = accountOf(reach);
  return {
    kind: 'replacing',
    account,
    reach,
    probe: (value) => is.ask(http, { admin, clientId }, value),
    async replace(permit) {
      permit.requireFor(account);
      return isFormer ? noneMadeAt(account)() : is.replace(http, admin, clientId);
    },
  };
}
