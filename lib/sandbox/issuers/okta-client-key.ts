/** A simulated Okta, as far as keys of applications that authenticate with private_key_jwt go. */
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import {
  assertionIn,
  consumerAssertion,
  lineOf,
  modulusOf,
  numbersOf,
  thumbprint,
} from './client-assertions.ts';
import { dated, isListed, issuerTime, type IssuerKnobs } from './knobs.ts';
import { oauthError, textField } from './okta-answers.ts';
import { ClientAuthentication } from './okta-client-auth.ts';
import { Clients, manageKeys } from './okta-client-keys.ts';
import { RateLimit } from './okta-limit.ts';
import { API_TOKEN } from './okta-management.ts';
import { pemOf, rsaKeysFor } from './rsa-keys.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

/** What it is made with. */
interface Options {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
  /** Calls to the management API in a minute before it answers 429. */
  readonly requestsPerMinute?: number;
}

const INTROSPECT = '/oauth2/v1/introspect';

/**
 * Okta's keys of clients. Source, where none is named: okta/okta-management-openapi-spec. An application
 * starts without a key here.
 */
export class OktaClientKeySimulator implements Issuer {
  readonly provider = 'okta-client-key';
  readonly host: string;
  readonly clients: Clients;
  readonly #options: Options;
  readonly #knobs: IssuerKnobs;
  readonly #log: IssuerLogEntry[] = [];
  readonly #limit: RateLimit;
  readonly #authentication: ClientAuthentication;
  /** Okta knows no private key: lines of those that a consumer or a person here had. */
  readonly #seen = new Map<string, string>();
  /** Those that people create. */
  readonly #keys = rsaKeysFor('okta-client-key');
  #serial = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#knobs = options.knobs ?? {};
    this.host = options.host ?? 'okta-keys.keyturn.test';
    this.clients = new Clients(
      this.host,
      () => this.#now(),
      (secretName) => this.#knobs.gone?.has(secretName) === true,
    );
    this.#authentication = new ClientAuthentication({
      clients: this.clients,
      delays: options.delays,
      now: () => this.#now(),
    });
    this.#limit = new RateLimit({ now: () => this.#now() }, options.requestsPerMinute ?? 600);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, app: this.clients.of(secret).id }));
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
    const { clientId, pem, kid } = this.#stored(secretText);
    const url = `https://${this.host}${INTROSPECT}`;
    const jti = `consumer-${this.#serial++}`;
    const fields = consumerAssertion(pem, { clientId, aud: url, kid, now: this.#now(), jti });
    return new Request(url, {
      method: 'POST',
      headers: { 'user-agent': agent },
      body: new URLSearchParams({ token: 'of-a-consumer', ...fields }),
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const client = this.clients.of(secretName);
    const isGone = this.#knobs.gone?.has(secretName) === true;
    return client.keys.map((key) => ({
      handle: this.clients.handleOf(client, key),
      value: this.#seen.get(modulusOf(key.numbers)) ?? `unknown-${key.id}`,
      name: undefined,
      createdAt: key.createdAt,
      live: key.status === 'ACTIVE' && !isGone,
      disabled: key.status === 'INACTIVE' && !key.deleted && !isGone,
    }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const client = this.clients.of(secretName);
    const pem = pemOf(this.#keys());
    const numbers = numbersOf(pem);
    if (!numbers) throw new Error('a new key is none');
    this.#seen.set(modulusOf(numbers), lineOf(pem));
    const { kid } = this.clients.add(client, numbers, `by-hand-${thumbprint(numbers)}`);
    return JSON.stringify({ client_id: client.id, private_key: pem, kid });
  }

  async revokeByHand(handle: string): Promise<void> {
    for (const client of this.clients.all())
      for (const key of client.keys)
        if (this.clients.handleOf(client, key) === handle) this.clients.remove(key);
  }

  async close(): Promise<void> {}

  #manage(request: Request, pathname: string): Promise<Response> {
    const isListedNow = (handle: string, createdAt: Instant): boolean =>
      isListed({ handle, createdAt }, this.#knobs, this.#now());
    return manageKeys(request, pathname, { clients: this.clients, isListed: isListedNow });
  }

  async #authorizationServer(request: Request, pathname: string): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const asking = this.#authentication.authenticate(assertionIn(form), request.url, pathname);
    const response = asking.refusal ?? answerTo(form);
    this.#note(request, response.status, asking.handle);
    return dated(response, this.#now());
  }

  /** What a stored text says of its client, or else the client whose key it is. */
  #stored(text: string): { clientId: string; pem: string; kid: string | undefined } {
    const stored: unknown = text.startsWith('{') ? JSON.parse(text) : {};
    const pem = textField(stored, 'private_key') ?? text;
    const numbers = numbersOf(pem);
    const modulus = numbers && modulusOf(numbers);
    if (modulus !== undefined) this.#seen.set(modulus, lineOf(pem));
    const owned = [...this.clients.all()].flatMap((client) => client.keys.map((key) => ({ client, key })));
    const own = owned.find(({ key }) => modulusOf(key.numbers) === modulus);
    return {
      clientId: textField(stored, 'client_id') ?? own?.client.id ?? 'unknown',
      pem,
      kid: textField(stored, 'kid') ?? own?.key.kid,
    };
  }

  #now(): Instant {
    return issuerTime(this.#options.clock, this.#knobs);
  }

  #note(request: Request, status: number, handle: string | undefined): void {
    this.#log.push({
      at: this.#now(),
      operation: `${request.method} ${new URL(request.url).pathname}`,
      status,
      handle,
      agent: request.headers.get('user-agent') ?? '',
    });
  }
}

/** The text that is asked about is never a token here. */
function answerTo(form: URLSearchParams): Response {
  return form.has('token')
    ? Response.json({ active: false })
    : oauthError(400, 'invalid_request', 'The `token` parameter is required.');
}
