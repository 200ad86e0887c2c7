/** The clients of a simulated Okta with the keys that they have had, and the API that manages these. */
import * as z from 'zod';
import type { Instant } from '../../../functions/core/basics/time.ts';
import { Rsa, modulusOf, thumbprint, type RsaNumbers } from './client-assertions.ts';
import { digest, oktaError } from './okta-answers.ts';
import { API_TOKEN } from './okta-management.ts';

/** A public key of a client. */
export interface StoredKey {
  readonly id: string;
  readonly kid: string | undefined;
  readonly numbers: RsaNumbers;
  readonly createdAt: Instant;
  updatedAt: Instant;
  status: 'ACTIVE' | 'INACTIVE';
  deleted: boolean;
}

/** An application with all keys of it, the deleted ones too. Its id is also its client id. */
export interface Client {
  readonly id: string;
  readonly secretName: string;
  readonly keys: StoredKey[];
}

/** Source: okta/okta-management-openapi-spec, the example ErrorClientJsonWebKeyTooManyKids. */
const MOST = 50;

/** What the API works on. */
interface Managing {
  readonly clients: Clients;
  readonly isListed: (handle: string, createdAt: Instant) => boolean;
}

export class Clients {
  readonly #host: string;
  readonly #now: () => Instant;
  readonly #isGone: (secretName: string) => boolean;
  readonly #all = new Map<string, Client>();
  #serial = 0;

  constructor(host: string, now: () => Instant, isGone: (secretName: string) => boolean) {
    this.#host = host;
    this.#now = now;
    this.#isGone = isGone;
  }

  /** The application that serves a secret; made when it is asked for. */
  of(secretName: string): Client {
    const id = `0oa${digest(secretName).slice(0, 17)}`;
    const client = this.#all.get(id) ?? { id, secretName, keys: [] };
    this.#all.set(id, client);
    return client;
  }

  /** By its id; undefined for one that is not there, or was deleted. */
  find(id: string): Client | undefined {
    const client = this.#all.get(id);
    return client && !this.#isGone(client.secretName) ? client : undefined;
  }

  all(): IterableIterator<Client> {
    return this.#all.values();
  }

  handleOf(client: Client, { id }: StoredKey): string {
    return `${this.#host}/apps/${client.id}/jwks/${id}`;
  }

  add(client: Client, numbers: RsaNumbers, kid: string | undefined): StoredKey {
    const now = this.#now();
    const key: StoredKey = {
      id: `pks${digest(`${client.id}/${this.#serial++}`).slice(0, 17)}`,
      kid,
      numbers,
      createdAt: now,
      updatedAt: now,
      status: 'ACTIVE',
      deleted: false,
    };
    client.keys.push(key);
    return key;
  }

  setStatus(key: StoredKey, status: StoredKey['status']): void {
    key.status = status;
    key.updatedAt = this.#now();
  }

  remove(key: StoredKey): void {
    if (key.status === 'ACTIVE') this.setStatus(key, 'INACTIVE');
    key.deleted = true;
  }
}

/**
 * Answers a request to the management API. Source, where none is named: okta/okta-management-openapi-spec,
 * dist/current/management-minimal.yaml, the operations on jwks and their examples.
 */
export async function manageKeys(request: Request, pathname: string, about: Managing): Promise<Response> {
  if (request.headers.get('authorization') !== `SSWS ${API_TOKEN}`)
    return oktaError(401, 'E0000011', 'Invalid token provided');
  const [, clientId, keyId, action] =
    /^\/api\/v1\/apps\/(\w+)\/credentials\/jwks(?:\/(\w+)(?:\/lifecycle\/(\w+))?)?$/.exec(pathname) ?? [];
  const client = about.clients.find(clientId ?? '');
  if (!client) return oktaError(404, 'E0000007', 'Not found: Resource not found');
  const kept = client.keys.filter(({ deleted }) => !deleted);
  if (keyId === undefined)
    return request.method === 'POST'
      ? create(client, kept, await request.text(), about)
      : list(client, kept, about);
  const key = kept.find(({ id }) => id === keyId);
  if (!key) return oktaError(404, 'E0000007', 'Not found: Resource not found');
  if (request.method === 'DELETE') return remove(key);
  return change(key, kept, `${request.method} ${action}`, about);
}

function list(client: Client, kept: readonly StoredKey[], { clients, isListed }: Managing): Response {
  return Response.json(
    kept.filter((key) => isListed(clients.handleOf(client, key), key.createdAt)).map(shown),
  );
}

const Wanted = Rsa.extend({
  kid: z.string().optional(),
  use: z.literal('sig'),
  status: z.enum(['ACTIVE', 'INACTIVE']).default('ACTIVE'),
});

function create(client: Client, kept: readonly StoredKey[], body: string, { clients }: Managing): Response {
  const wanted = Wanted.parse(JSON.parse(body));
  if (kept.length >= MOST)
    return invalid(
      `You can't create a new key. You have reached the maximum number of keys allowed (${MOST}). To add ` +
        'another key, you must first delete an existing one.',
    );
  if (kept.some(({ kid }) => kid === undefined))
    return invalid(
      'Each key should have a unique kid when adding multiple keys. Use the Apps API to update the JWKS to ' +
        'add a kid for the existing key, or delete the existing key and re-add the key with a kid using ' +
        'the ' +
        'JWKS APIs.',
    );
  if (kept.some(({ kid }) => kid === wanted.kid))
    return invalid("All keys in the 'jwks' must have a unique `kid`.");
  if (modulusOf(wanted).length < 512)
    return invalid("RSA key length in the 'jwks' is less than '2,048' bits for the given key.");
  const key = clients.add(client, wanted, wanted.kid ?? thumbprint(wanted));
  if (wanted.status === 'INACTIVE') clients.setStatus(key, 'INACTIVE');
  return Response.json(shown(key), { status: 201 });
}

function change(key: StoredKey, kept: readonly StoredKey[], action: string, { clients }: Managing): Response {
  if (action !== 'POST activate' && action !== 'POST deactivate')
    return oktaError(405, 'E0000022', 'The endpoint does not support the provided HTTP method');
  const others = kept.filter((other) => other !== key && other.status === 'ACTIVE');
  if (action === 'POST deactivate' && others.length === 0)
    return invalid(
      "Can't deactivate the only active JSON Web Key when the value for `token_endpoint_auth_method` is " +
        '`private_key_jwt`.',
    );
  clients.setStatus(key, action === 'POST activate' ? 'ACTIVE' : 'INACTIVE');
  return Response.json(shown(key));
}

function remove(key: StoredKey): Response {
  if (key.status === 'ACTIVE')
    return invalid("You can't delete an active JSON Web Key. Deactivate the key before deleting it.");
  key.deleted = true;
  return new Response(null, { status: 204 });
}

function invalid(cause: string): Response {
  return oktaError(400, 'E0000001', 'Api validation failed: JsonWebKey', [cause]);
}

/** The numbers begin with a byte of zero, as those in the examples do. */
function shown({ id, kid, numbers, status, createdAt, updatedAt }: StoredKey): Record<string, unknown> {
  const padded = Buffer.concat([Buffer.alloc(1), Buffer.from(modulusOf(numbers), 'hex')]);
  return {
    id,
    ...(kid !== undefined && { kid }),
    kty: 'RSA',
    alg: 'RS256',
    use: 'sig',
    e: numbers.e,
    n: padded.toString('base64url'),
    status,
    created: new Date(createdAt).toISOString(),
    lastUpdated: new Date(updatedAt).toISOString(),
  };
}
