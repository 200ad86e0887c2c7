import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../lib/sandbox/clock.ts';
import type { IssuedCredential, Issuer, IssuerLogEntry } from '../../lib/sandbox/issuers/simulator.ts';
import type { AdminJson } from '../contracts/setup.ts';
import type { Server } from './keycloak-server.ts';
import { forwarded } from './local.ts';

const One = z.looseObject({ id: z.string() });
const Clients = z.array(z.looseObject({ id: z.string(), secret: z.string().optional() }));
const Shown = z.looseObject({ value: z.string() });
const Stored = z.object({ client_id: z.string(), client_secret: z.string() });

/** What a client has unless a test says otherwise. */
const CONFIDENTIAL = {
  enabled: true,
  protocol: 'openid-connect',
  publicClient: false,
  clientAuthenticatorType: 'client-secret',
  serviceAccountsEnabled: true,
};

/** A realm of its own at a running server, with the client that Keyturn works with. */
export class Realm {
  readonly name: string;
  readonly server: Server;
  readonly adminId = 'keyturn';
  readonly adminSecret = randomBytes(16).toString('hex');

  constructor(server: Server) {
    this.server = server;
    this.name = `r${randomBytes(4).toString('hex')}`;
  }

  /** The rights are those of the role `manage-clients`, unless the roles are named. */
  async make(roles: readonly string[] = ['manage-clients'], more: object = {}): Promise<void> {
    await this.server.asAdmin('POST', '/admin/realms', { realm: this.name, enabled: true, ...more });
    await this.client(this.adminId, { secret: this.adminSecret });
    const { id: user } = await this.serviceAccount();
    const management = await this.idOf('realm-management');
    for (const role of roles) {
      const shown = await this.ask('GET', `/clients/${management}/roles/${role}`);
      await this.ask('POST', `/users/${user}/role-mappings/clients/${management}`, [shown]);
    }
  }

  ask(method: string, path: string, json?: unknown): Promise<unknown> {
    return this.server.asAdmin(method, `/admin/realms/${this.name}${path}`, json);
  }

  /** Makes a client, and tells its id. */
  async client(clientId: string, more: object = {}): Promise<string> {
    await this.ask('POST', '/clients', { clientId, ...CONFIDENTIAL, ...more });
    return this.idOf(clientId);
  }

  async idOf(clientId: string): Promise<string> {
    const path = `/clients?clientId=${encodeURIComponent(clientId)}`;
    const [client] = Clients.parse(await this.ask('GET', path));
    return client?.id ?? '';
  }

  /** The client secret that a client has now. */
  async secretOf(clientId: string): Promise<string> {
    return Shown.parse(await this.ask('GET', `/clients/${await this.idOf(clientId)}/client-secret`)).value;
  }

  async serviceAccount(): Promise<z.infer<typeof One>> {
    const path = `/clients/${await this.idOf(this.adminId)}/service-account-user`;
    return One.parse(await this.ask('GET', path));
  }
}

/** Clients of its own in a realm of a running server. What passes by tells which secrets they had. */
export class RealmIssuer implements Issuer {
  readonly provider = 'keycloak';
  readonly host = 'keycloak.keyturn.test';
  readonly #realm: Realm;
  readonly #clock: Clock;
  readonly #prefix = `c${randomBytes(4).toString('hex')}`;
  readonly #wanted = new Set<string>();
  readonly #secrets = new Map<string, { readonly value: string; readonly at: number }[]>();
  readonly #log: IssuerLogEntry[] = [];
  #making: Promise<void> = Promise.resolve();

  constructor(realm: Realm, clock: Clock) {
    this.#realm = realm;
    this.#clock = clock;
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, clientId: this.#clientFor(secret) }));
    return JSON.stringify({
      url: `https://${this.host}`,
      realm: this.#realm.name,
      clientId: this.#realm.adminId,
      clientSecret: this.#realm.adminSecret,
      grants,
    });
  }

  async fetch(request: Request): Promise<Response> {
    await this.#makeClients();
    const answer = await forwarded(request, this.#realm.server.port);
    if (new URL(request.url).pathname.endsWith('/client-secret')) await this.#look();
    return answer;
  }

  consume(secretText: string, agent: string): Request {
    const { client_id, client_secret } = Stored.parse(JSON.parse(secretText));
    const form = { grant_type: 'client_credentials', client_id, client_secret };
    return new Request(`https://${this.host}/realms/${this.#realm.name}/protocol/openid-connect/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': agent },
      body: new URLSearchParams(form).toString(),
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const id = this.#clientFor(secretName);
    await this.#makeClients();
    await this.#look();
    const all = this.#secrets.get(id) ?? [];
    return all.map(({ value, at }, index) => ({
      handle: `${this.host}/realms/${this.#realm.name}/clients/${id}/secrets/${index + 1}`,
      value,
      name: undefined,
      createdAt: at,
      live: index === all.length - 1,
    }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const client_id = this.#clientFor(secretName);
    await this.#makeClients();
    const path = `/clients/${await this.#realm.idOf(client_id)}/client-secret`;
    const { value: client_secret } = Shown.parse(await this.#realm.ask('POST', path));
    return JSON.stringify({ client_id, client_secret });
  }

  async revokeByHand(handle: string): Promise<void> {
    const id = /\/clients\/([^/]+)\//.exec(handle)?.[1] ?? '';
    await this.#realm.ask('POST', `/clients/${await this.#realm.idOf(id)}/client-secret`);
  }

  async close(): Promise<void> {}

  #clientFor(secretName: string): string {
    const id = `${this.#prefix}-${secretName}`.toLowerCase().replace(/[^a-z0-9]/g, '-');
    this.#wanted.add(id);
    return id;
  }

  /** One after the other, whoever asks meanwhile. */
  #makeClients(): Promise<void> {
    this.#making = this.#making.then(async () => {
      for (const id of this.#wanted) {
        if (this.#secrets.has(id)) continue;
        await this.#realm.client(id);
        this.#secrets.set(id, []);
        await this.#look();
      }
    });
    return this.#making;
  }

  /** Notes the client secret that each client has now. */
  async #look(): Promise<void> {
    for (const [id, known] of this.#secrets) {
      const value = await this.#realm.secretOf(id);
      if (known.at(-1)?.value !== value) known.push({ value, at: this.#clock.now() });
    }
  }
}

/** The admin secret of a realm that grants one client. */
export function adminOf(realm: Realm, secret: string, clientId: string): AdminJson {
  return {
    url: 'https://keycloak.keyturn.test',
    realm: realm.name,
    clientId: realm.adminId,
    clientSecret: realm.adminSecret,
    grants: [{ secret, clientId }],
  };
}
