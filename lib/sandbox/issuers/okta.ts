/** A simulated Okta, as far as client secrets of applications go. */
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { SCOPE, answerTo, oauthError, unknownClient, type StoredSecret } from './okta-answers.ts';
import { OktaApps } from './okta-apps.ts';
import { dated, isListed, issuerTime, type IssuerKnobs } from './knobs.ts';
import { RateLimit } from './okta-limit.ts';
import { API_TOKEN, manageSecrets } from './okta-management.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

/** What the simulated Okta is made with. */
export interface OktaOptions {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
  /** Calls to the management API in a minute before it answers 429. */
  readonly requestsPerMinute?: number;
}

/**
 * Okta as far as client secrets of applications go.
 * Source, where none is named: Okta API reference, "Application Client Auth Credentials" and
 * "Org Authorization Server".
 * Error codes are Okta's. Which of them a rejected change carries is not documented.
 * An application starts without a secret here. Okta makes one with it, which `createByHand` stands for.
 */
export class OktaSimulator implements Issuer {
  readonly provider = 'okta';
  readonly host: string;
  readonly #options: OktaOptions;
  readonly #knobs: IssuerKnobs;
  readonly #apps: OktaApps;
  readonly #log: IssuerLogEntry[] = [];
  readonly #limit: RateLimit;

  constructor(options: OktaOptions) {
    this.#options = options;
    this.#knobs = options.knobs ?? {};
    this.host = options.host ?? 'okta.keyturn.test';
    this.#apps = new OktaApps(this.host, this.#knobs, () => this.#now());
    this.#limit = new RateLimit({ now: () => this.#now() }, options.requestsPerMinute ?? 600);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, app: this.#apps.of(secret).id }));
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
    const { clientId, value } = this.#apps.storedText(secretText);
    const authorization = `Basic ${Buffer.from(`${clientId}:${value}`).toString('base64')}`;
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: SCOPE });
    return new Request(`https://${this.host}/oauth2/default/v1/token`, {
      method: 'POST',
      headers: { authorization, 'user-agent': agent },
      body,
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const app = this.#apps.of(secretName);
    return app.secrets.map((secret) => ({
      handle: this.#apps.handleOf(app, secret),
      value: secret.value,
      name: undefined,
      createdAt: secret.createdAt,
      live: secret.status === 'ACTIVE' && !this.#apps.isGone(app),
      disabled: secret.status === 'INACTIVE' && !secret.deleted && !this.#apps.isGone(app),
    }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const app = this.#apps.of(secretName);
    const secret = this.#apps.add(app, undefined);
    return JSON.stringify({ client_id: app.id, client_secret: secret.value });
  }

  async revokeByHand(handle: string): Promise<void> {
    for (const app of this.#apps.all())
      for (const secret of app.secrets)
        if (this.#apps.handleOf(app, secret) === handle) this.#apps.remove(secret);
  }

  async close(): Promise<void> {}

  #manage(request: Request, pathname: string): Promise<Response> {
    const isListedNow = (handle: string, createdAt: Instant): boolean =>
      isListed({ handle, createdAt }, this.#knobs, this.#now());
    return manageSecrets(request, pathname, { apps: this.#apps, isListed: isListedNow });
  }

  async #authorizationServer(request: Request, pathname: string): Promise<Response> {
    const client = this.#authenticate(request.headers.get('authorization') ?? '', pathname);
    const response =
      client.refusal ??
      answerTo(pathname, new URLSearchParams(await request.text()), this.#apps.serial('access'));
    this.#note(request, response.status, client.handle);
    return dated(response, this.#now());
  }

  /**
   * Source of the errors: Okta Support, "Invalid_Client Error Returned When Requesting OAuth Token(s)", and
   * the
   * specification's example without credentials.
   */
  #authenticate(header: string, pathname: string): { refusal?: Response; handle: string | undefined } {
    const [clientId = '', ...rest] = Buffer.from(header.replace(/^Basic /, ''), 'base64')
      .toString()
      .split(':');
    const app = this.#apps.find(clientId);
    if (!header.startsWith('Basic '))
      return {
        refusal: oauthError(401, 'invalid_client', 'No client credentials found.'),
        handle: undefined,
      };
    if (!app) return { refusal: unknownClient(pathname), handle: undefined };
    const secret = app.secrets.findLast((candidate) => candidate.value === rest.join(':'));
    const handle = secret && this.#apps.handleOf(app, secret);
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
