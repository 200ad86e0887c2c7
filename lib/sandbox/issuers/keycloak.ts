import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { bodyOf } from './forms.ts';
import {
  ADMIN,
  CLIENTS,
  FromClient,
  REALM,
  TOKEN,
  fault,
  granted,
  introspected,
  listed,
  nowhere,
  uuidOf,
  type Caller,
} from './keycloak-answers.ts';
import { dated, issuerTime, type IssuerKnobs } from './knobs.ts';
import { bearerIn, sessionFor } from './logins.ts';
import { MintingAccounts } from './minting-accounts.ts';
import { randomText } from './random-text.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

/** One client secret of a client, of which the last one counts. */
interface ClientSecret {
  readonly value: string;
  readonly createdAt: Instant;
  endedAt: Instant | undefined;
}

interface Options {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
}

type Answer = { readonly response: Response; readonly handle?: string | undefined };

/**
 * Clients of a Keycloak realm, each with one client secret. Source: Keycloak 26.5.6, which
 * `test/issuers/keycloak.ts` holds this against.
 */
export class KeycloakSimulator implements Issuer {
  readonly provider = 'keycloak';
  readonly host: string;
  readonly #clock: Clock;
  readonly #delays: IssuerDelays;
  readonly #knobs: IssuerKnobs;
  readonly #random = randomText(23);
  readonly #accounts: MintingAccounts;
  readonly #secrets = new Map<string, ClientSecret[]>();
  readonly #log: IssuerLogEntry[] = [];

  constructor({ clock, host, delays = {}, knobs = {} }: Options) {
    this.host = host ?? 'keycloak.keyturn.test';
    this.#clock = clock;
    this.#delays = delays;
    this.#knobs = knobs;
    this.#accounts = new MintingAccounts((number) => `client-${number}`, knobs);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, clientId: this.#clientOf(secret) }));
    return JSON.stringify({ url: `https://${this.host}`, realm: REALM, ...ADMIN, grants });
  }

  async fetch(request: Request): Promise<Response> {
    const gateway = this.#knobs.gateway?.(request);
    const { response, handle }: Answer = gateway ? { response: gateway } : await this.#answer(request);
    this.#log.push({
      at: this.#now(),
      operation: `${request.method} ${new URL(request.url).pathname}`,
      status: response.status,
      handle,
      agent: request.headers.get('user-agent') ?? '',
    });
    return gateway ?? dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    const fields: Record<string, string> = JSON.parse(secretText);
    const { client_id: id = '', client_secret: secret = '' } = fields;
    const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
    return new Request(`https://${this.host}${TOKEN}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': agent },
      body: new URLSearchParams(form).toString(),
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const id = this.#clientOf(secretName);
    return this.#of(id).map((one, index) => ({
      handle: this.#handle(id, index),
      value: one.value,
      name: undefined,
      createdAt: one.createdAt,
      live: one.endedAt === undefined && this.#accounts.has(id),
    }));
  }

  log = (): readonly IssuerLogEntry[] => this.#log;

  /** There is one client secret: who makes one ends the one before. */
  async createByHand(secretName: string): Promise<string> {
    const id = this.#clientOf(secretName);
    return JSON.stringify({ client_id: id, client_secret: this.#renew(id) });
  }

  /** By making another one, which nobody keeps. */
  async revokeByHand(handle: string): Promise<void> {
    for (const [id, { length }] of this.#secrets)
      if (this.#handle(id, length - 1) === handle) this.#renew(id);
  }

  async close(): Promise<void> {}

  async #answer(request: Request): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url);
    const { method } = request;
    if (method === 'POST' && pathname.startsWith(TOKEN)) return this.#asClient(request, pathname);
    if (!pathname.startsWith(CLIENTS)) return { response: nowhere(pathname) };
    if (bearerIn(request) !== ADMIN.clientSecret) return { response: fault(401, 'HTTP 401 Unauthorized') };
    const [, id] = /^\/([^/]+)\/client-secret$/.exec(pathname.slice(CLIENTS.length)) ?? [];
    if (method === 'GET' && pathname === CLIENTS)
      return { response: Response.json(this.#named(searchParams.get('clientId') ?? '')) };
    return {
      response: method === 'POST' && id !== undefined ? this.#renewed(id) : fault(404, 'HTTP 404 Not Found'),
    };
  }

  async #asClient(request: Request, path: string): Promise<Answer> {
    const body = await bodyOf(request);
    const { caller, handle } = this.#callerOf(body);
    if (path === `${TOKEN}/introspect`) return { response: introspected(caller, body), handle };
    const secret = FromClient.safeParse(body).data?.client_secret ?? '';
    return { response: granted(caller, body, (id) => sessionFor(id, secret)), handle };
  }

  /** Whether there is such a client is looked at before its secret is. */
  #callerOf(body: unknown): { readonly caller: Caller; readonly handle?: string } {
    const { client_id: id = '', client_secret: secret } = FromClient.safeParse(body).data ?? {};
    if (id === ADMIN.clientId)
      return secret === ADMIN.clientSecret ? { caller: { id }, handle: 'admin' } : { caller: 'wrong-secret' };
    if (!this.#accounts.has(id)) return { caller: 'no-client' };
    const now = this.#now();
    const { propagation = 0, revokeLag = 0 } = this.#delays;
    const index = this.#of(id).findIndex(
      ({ value, createdAt, endedAt = Infinity }) =>
        value === secret && now >= createdAt + propagation && now < endedAt + revokeLag,
    );
    return index === -1 ? { caller: 'wrong-secret' } : { caller: { id }, handle: this.#handle(id, index) };
  }

  #named(clientId: string): readonly object[] {
    const secret = this.#of(clientId).at(-1)?.value;
    return secret !== undefined && this.#accounts.has(clientId)
      ? [listed(uuidOf(clientId), clientId, secret)]
      : [];
  }

  #renewed(uuid: string): Response {
    const client = [...this.#secrets.keys()].find((id) => uuidOf(id) === uuid && this.#accounts.has(id));
    return client === undefined
      ? fault(404, 'Could not find client')
      : Response.json({ type: 'secret', value: this.#renew(client) });
  }

  #renew(id: string): string {
    const value = this.#random(32);
    const at = this.#now();
    const secrets = this.#of(id);
    for (const one of secrets) one.endedAt ??= at;
    secrets.push({ value, createdAt: at, endedAt: undefined });
    return value;
  }

  #of(id: string): ClientSecret[] {
    return this.#secrets.get(id) ?? [];
  }

  /** A client has its first client secret from its beginning. */
  #clientOf(secretName: string): string {
    const id = this.#accounts.of(secretName);
    if (!this.#secrets.has(id)) {
      this.#secrets.set(id, []);
      this.#renew(id);
    }
    return id;
  }

  #handle(id: string, index: number): string {
    return `${this.host}/realms/${REALM}/clients/${id}/secrets/${index + 1}`;
  }

  #now(): Instant {
    return issuerTime(this.#clock, this.#knobs);
  }
}
