import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import {
  SCOPE,
  answerTo,
  digest,
  invalidSecret,
  isClientSecret,
  oauthError,
  oktaError,
  shown,
  textField,
  unknownClient,
  type StoredSecret,
} from './okta-answers.ts';
import { dated, isListed, issuerTime, type IssuerKnobs } from './knobs.ts';
import { RateLimit } from './okta-limit.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

interface App {
  /** Also its client id: Okta's default (Okta Support, "Create an OAuth/OIDC Application with a Custom client_id and client_secret"). */
  readonly id: string;
  readonly secretName: string;
  readonly secrets: StoredSecret[];
}

export interface OktaOptions {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
  /** Calls to the management API in a minute before it answers 429. */
  readonly requestsPerMinute?: number;
}

const API_TOKEN = 'sandbox-okta-api-token';
/** "You can create up to two Secret objects. An error is returned if you attempt to create more." Source: Okta API reference, "Create an OAuth 2.0 client secret". */
const SLOTS = 2;

/**
 * Okta as far as client secrets of applications go. Source, where none is noted: Okta API reference, "Application Client Auth
 * Credentials" and "Org Authorization Server". Error codes are Okta's; which of them a refused change carries is not documented.
 * An application starts without a secret here; Okta makes one with it, which `mintByHand` stands for.
 */
export class OktaSimulator implements Issuer {
  readonly provider = 'okta';
  readonly host: string;
  readonly #options: OktaOptions;
  readonly #knobs: IssuerKnobs;
  readonly #apps = new Map<string, App>();
  readonly #log: IssuerLogEntry[] = [];
  readonly #limit: RateLimit;
  #serial = 0;

  constructor(options: OktaOptions) {
    this.#options = options;
    this.#knobs = options.knobs ?? {};
    this.host = options.host ?? 'okta.keyturn.test';
    this.#limit = new RateLimit({ now: () => this.#now() }, options.requestsPerMinute ?? 600);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, app: this.#appFor(secret).id }));
    return JSON.stringify({ url: `https://${this.host}`, token: API_TOKEN, grants });
  }

  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const foreign = this.#knobs.gateway?.(request);
    if (foreign) {
      this.#note(request, foreign.status, undefined);
      return foreign;
    }
    if (pathname.startsWith('/oauth2/')) return this.#authorizationServer(request, pathname);
    const response = this.#limit.count() ?? (await this.#manage(request, pathname));
    this.#note(request, response.status, undefined);
    return dated(this.#limit.stamp(response), this.#now());
  }

  consume(secretText: string, agent: string): Request {
    const { clientId, value } = this.#storedText(secretText);
    const authorization = `Basic ${Buffer.from(`${clientId}:${value}`).toString('base64')}`;
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: SCOPE });
    return new Request(`https://${this.host}/oauth2/default/v1/token`, {
      method: 'POST',
      headers: { authorization, 'user-agent': agent },
      body,
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const app = this.#appFor(secretName);
    return app.secrets.map((secret) => ({
      handle: this.#handleOf(app, secret),
      value: secret.value,
      name: undefined,
      createdAt: secret.createdAt,
      live: secret.status === 'ACTIVE' && !this.#isGone(app),
    }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async mintByHand(secretName: string): Promise<string> {
    const app = this.#appFor(secretName);
    const secret = this.#add(app, undefined);
    return JSON.stringify({ client_id: app.id, client_secret: secret.value });
  }

  async killByHand(handle: string): Promise<void> {
    for (const app of this.#apps.values())
      for (const secret of app.secrets) if (this.#handleOf(app, secret) === handle) this.#kill(secret);
  }

  async close(): Promise<void> {}

  #appFor(secretName: string): App {
    const id = `0oa${digest(secretName).slice(0, 17)}`;
    const app = this.#apps.get(id) ?? { id, secretName, secrets: [] };
    this.#apps.set(id, app);
    return app;
  }

  #isGone({ secretName }: App): boolean {
    return this.#knobs.gone?.has(secretName) === true;
  }

  #handleOf(app: App, secret: StoredSecret): string {
    return `${this.host}/apps/${app.id}/secrets/${secret.id}`;
  }

  #storedText(text: string): { clientId: string; value: string } {
    const stored: unknown = text.startsWith('{') ? JSON.parse(text) : {};
    const value = textField(stored, 'client_secret') ?? text;
    const owner = [...this.#apps.values()].find((app) =>
      app.secrets.some((secret) => secret.value === value),
    );
    return { clientId: textField(stored, 'client_id') ?? owner?.id ?? 'unknown', value };
  }

  #add(app: App, value: string | undefined): StoredSecret {
    const serial = digest(`${app.id}/${this.#serial++}`);
    const now = this.#now();
    const secret: StoredSecret = {
      id: `ocs${serial.slice(0, 17)}`,
      value: value ?? serial,
      createdAt: now,
      updatedAt: now,
      status: 'ACTIVE',
      deleted: false,
    };
    app.secrets.push(secret);
    return secret;
  }

  #kill(secret: StoredSecret): void {
    if (secret.status === 'ACTIVE') this.#setStatus(secret, 'INACTIVE');
    secret.deleted = true;
  }

  #setStatus(secret: StoredSecret, status: StoredSecret['status']): void {
    secret.status = status;
    secret.updatedAt = this.#now();
  }

  async #manage(request: Request, pathname: string): Promise<Response> {
    if (request.headers.get('authorization') !== `SSWS ${API_TOKEN}`)
      return oktaError(401, 'E0000011', 'Invalid token provided');
    const [, appId, secretId, action] =
      /^\/api\/v1\/apps\/(\w+)\/credentials\/secrets(?:\/(\w+)(?:\/lifecycle\/(\w+))?)?$/.exec(pathname) ??
      [];
    const app = this.#apps.get(appId ?? '');
    if (!app || this.#isGone(app)) return oktaError(404, 'E0000007', 'Not found: Resource not found');
    const kept = app.secrets.filter((secret) => !secret.deleted);
    if (secretId === undefined)
      return request.method === 'POST'
        ? this.#create(app, kept, await request.text())
        : this.#list(app, kept);
    const secret = kept.find((candidate) => candidate.id === secretId);
    if (!secret) return oktaError(404, 'E0000007', 'Not found: Resource not found');
    if (request.method === 'DELETE') return this.#delete(secret);
    return this.#change(secret, kept, `${request.method} ${action}`);
  }

  #list(app: App, kept: readonly StoredSecret[]): Response {
    const now = this.#now();
    return Response.json(
      kept
        .filter((secret) =>
          isListed({ handle: this.#handleOf(app, secret), createdAt: secret.createdAt }, this.#knobs, now),
        )
        .map(shown),
    );
  }

  /** A client may bring its own value; whether a doubled one would be refused is not documented, so it is taken. */
  #create(app: App, kept: readonly StoredSecret[], body: string): Response {
    // The words of this one are not documented.
    if (kept.length >= SLOTS) return invalidSecret('The application has two client secrets.');
    const wanted: unknown = JSON.parse(body || '{}');
    const value = textField(wanted, 'client_secret');
    if (value !== undefined && !isClientSecret(value))
      return oktaError(400, 'E0000001', 'Api validation failed: client_secret', [
        'client_secret: 14 to 100 printable ASCII characters',
      ]);
    const secret = this.#add(app, value);
    if (textField(wanted, 'status') === 'INACTIVE') this.#setStatus(secret, 'INACTIVE');
    return Response.json(shown(secret), { status: 201 });
  }

  /**
   * "You can't deactivate a secret if it's the only secret of the client"; Okta's own test for its Java SDK
   * (ApplicationSSOPublicKeysIT) expects the same of the only active one.
   */
  #change(secret: StoredSecret, kept: readonly StoredSecret[], action: string): Response {
    if (action !== 'POST activate' && action !== 'POST deactivate')
      return oktaError(405, 'E0000022', 'The endpoint does not support the provided HTTP method');
    const others = kept.filter((other) => other !== secret && other.status === 'ACTIVE');
    if (action === 'POST deactivate' && others.length === 0)
      return invalidSecret("You can't deactivate the only active client secret.");
    this.#setStatus(secret, action === 'POST activate' ? 'ACTIVE' : 'INACTIVE');
    return Response.json(shown(secret));
  }

  /** "You can only delete an inactive Secret." */
  #delete(secret: StoredSecret): Response {
    if (secret.status === 'ACTIVE')
      return invalidSecret(
        "You can't delete an active client secret. Deactivate the secret before deleting it.",
      );
    secret.deleted = true;
    return new Response(null, { status: 204 });
  }

  async #authorizationServer(request: Request, pathname: string): Promise<Response> {
    const client = this.#authenticate(request.headers.get('authorization') ?? '', pathname);
    const response =
      client.refusal ??
      answerTo(pathname, new URLSearchParams(await request.text()), digest(`access/${this.#serial++}`));
    this.#note(request, response.status, client.handle);
    return dated(response, this.#now());
  }

  /** The refusals: Okta Support, "Invalid_Client Error Returned When Requesting OAuth Token(s)", and the specification's example without credentials. */
  #authenticate(header: string, pathname: string): { refusal?: Response; handle: string | undefined } {
    const [clientId = '', ...rest] = Buffer.from(header.replace(/^Basic /, ''), 'base64')
      .toString()
      .split(':');
    const app = this.#apps.get(clientId);
    if (!header.startsWith('Basic '))
      return {
        refusal: oauthError(401, 'invalid_client', 'No client credentials found.'),
        handle: undefined,
      };
    if (!app || this.#isGone(app)) return { refusal: unknownClient(pathname), handle: undefined };
    const secret = app.secrets.findLast((candidate) => candidate.value === rest.join(':'));
    const handle = secret && this.#handleOf(app, secret);
    if (secret && this.#accepts(secret)) return { handle };
    return {
      refusal: oauthError(
        401,
        'invalid_client',
        'The client secret supplied for a confidential client is invalid.',
      ),
      handle,
    };
  }

  #accepts(secret: StoredSecret): boolean {
    const { propagation = 0, revokeLag = 0 } = this.#options.delays ?? {};
    const now = this.#now();
    return secret.status === 'ACTIVE'
      ? now >= secret.createdAt + propagation
      : now < secret.updatedAt + revokeLag;
  }

  #now(): Instant {
    return issuerTime(this.#options.clock, this.#knobs);
  }

  #note(request: Request, status: number, handle: string | undefined): void {
    const operation = `${request.method} ${new URL(request.url).pathname}`;
    this.#log.push({
      at: this.#now(),
      operation,
      status,
      handle,
      agent: request.headers.get('user-agent') ?? '',
    });
  }
}
