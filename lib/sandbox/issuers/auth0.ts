import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import {
  ADMIN,
  RefreshRequest,
  TokenRequest,
  denied,
  fault,
  noRefreshToken,
  oauthFault,
  rotatedClient,
} from './auth0-answers.ts';
import { bodyOf } from './forms.ts';
import { dated, issuerTime, type IssuerKnobs } from './knobs.ts';
import { bearerIn, sessionFor } from './logins.ts';
import { MintingAccounts } from './minting-accounts.ts';
import { randomText } from './random-text.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

/** One client secret of an application, of which the last one counts. */
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
 * Applications of an Auth0 tenant, each with one client secret. Sources: auth0/node-auth0, POST
 * /clients/{id}/rotate-secret; auth0/docs, articles/api/authentication, POST /oauth/token; its errors in
 * issues of auth0/node-auth0 (134), auth0/laravel-auth0 (42) and auth0/Auth0.swift (819); auth0.com/docs,
 * "Management API error codes".
 */
export class Auth0Simulator implements Issuer {
  readonly provider = 'auth0';
  readonly host: string;
  readonly #clock: Clock;
  readonly #delays: IssuerDelays;
  readonly #knobs: IssuerKnobs;
  readonly #random = randomText(11);
  readonly #accounts: MintingAccounts;
  readonly #secrets = new Map<string, ClientSecret[]>();
  readonly #log: IssuerLogEntry[] = [];

  constructor({ clock, host, delays = {}, knobs = {} }: Options) {
    this.host = host ?? 'auth0.keyturn.test';
    this.#clock = clock;
    this.#delays = delays;
    this.#knobs = knobs;
    this.#accounts = new MintingAccounts((number) => `app${number}OfTheTenant`, knobs);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, clientId: this.#applicationOf(secret) }));
    return JSON.stringify({ url: `https://${this.host}`, ...ADMIN, grants });
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
    return new Request(`https://${this.host}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': agent },
      body: new URLSearchParams({ ...form, audience: 'https://api.example.com' }).toString(),
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const id = this.#applicationOf(secretName);
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
    const id = this.#applicationOf(secretName);
    return JSON.stringify({ client_id: id, client_secret: this.#rotate(id) });
  }

  /** By making another one, which nobody keeps. */
  async revokeByHand(handle: string): Promise<void> {
    for (const [id, { length }] of this.#secrets)
      if (this.#handle(id, length - 1) === handle) this.#rotate(id);
  }

  async close(): Promise<void> {}

  async #answer(request: Request): Promise<Answer> {
    const { pathname } = new URL(request.url);
    const [, id] = /^\/api\/v2\/clients\/([^/]+)\/rotate-secret$/.exec(pathname) ?? [];
    if (request.method === 'POST' && pathname === '/oauth/token') return this.#token(request);
    return request.method === 'POST' && id !== undefined
      ? { response: await this.#rotated(request, decodeURIComponent(id)) }
      : { response: fault(404, 'Not Found', 'Not Found') };
  }

  async #rotated(request: Request, id: string): Promise<Response> {
    if (bearerIn(request) !== ADMIN.clientSecret) return fault(401, 'Unauthorized', 'Invalid token');
    if ((await request.clone().text()) !== '')
      return fault(400, 'Bad Request', 'Payload validation error', 'invalid_body');
    if (!this.#accounts.has(id))
      return fault(404, 'Not Found', 'The client does not exist', 'inexistent_client');
    return rotatedClient(id, this.#rotate(id));
  }

  async #token(request: Request): Promise<Answer> {
    const body = await bodyOf(request);
    const refresh = RefreshRequest.safeParse(body);
    if (refresh.success) return this.#refresh(refresh.data.client_id, refresh.data.client_secret);
    const sent = TokenRequest.safeParse(body);
    if (!sent.success) return { response: oauthFault(400, 'invalid_request', 'Missing parameter') };
    const { client_id: id, client_secret: secret, audience } = sent.data;
    const handle = this.#accepted(id, secret);
    const isAdmin = id === ADMIN.clientId;
    const isApi = audience === `https://${this.host}/api/v2/`;
    if (handle === undefined || isAdmin !== isApi) return { response: denied(), handle };
    const token = isAdmin ? sessionFor(id, secret) : 'access-token-of-a-consumer';
    return {
      response: Response.json({ access_token: token, token_type: 'Bearer', expires_in: 86_400 }),
      handle,
    };
  }

  #refresh(id: string, secret: string): Answer {
    const handle = this.#accepted(id, secret);
    return handle === undefined ? { response: denied() } : { response: noRefreshToken(id), handle };
  }

  /** The handle of the client secret that is taken, or of the one that is still taken. */
  #accepted(id: string, secret: string): string | undefined {
    if (id === ADMIN.clientId) return secret === ADMIN.clientSecret ? 'admin' : undefined;
    if (!this.#accounts.has(id)) return undefined;
    const now = this.#now();
    const { propagation = 0, revokeLag = 0 } = this.#delays;
    const index = this.#of(id).findIndex(
      ({ value, createdAt, endedAt = Infinity }) =>
        value === secret && now >= createdAt + propagation && now < endedAt + revokeLag,
    );
    return index === -1 ? undefined : this.#handle(id, index);
  }

  #rotate(id: string): string {
    const value = this.#random(64);
    const at = this.#now();
    const secrets = this.#of(id);
    for (const one of secrets) one.endedAt ??= at;
    secrets.push({ value, createdAt: at, endedAt: undefined });
    return value;
  }

  #of(id: string): ClientSecret[] {
    const known = this.#secrets.get(id) ?? [];
    this.#secrets.set(id, known);
    return known;
  }

  /** An application has its first client secret from its beginning. */
  #applicationOf(secretName: string): string {
    const id = this.#accounts.of(secretName);
    if (this.#of(id).length === 0) this.#rotate(id);
    return id;
  }

  #handle(id: string, index: number): string {
    return `${this.host}/clients/${id}/secrets/${index + 1}`;
  }

  #now(): Instant {
    return issuerTime(this.#clock, this.#knobs);
  }
}
