/** A simulated Auth0, as far as keys of applications that authenticate with Private Key JWT go. */
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { ADMIN, TokenRequest, denied, fault, oauthFault } from './auth0-answers.ts';
import { Assertions } from './auth0-client-auth.ts';
import { Applications, isBoundNow, manageApplication } from './auth0-client-keys.ts';
import { assertionIn, consumerAssertion, lineOf, modulusOf, numbersOf } from './client-assertions.ts';
import { dated, isListed, issuerTime, type IssuerKnobs } from './knobs.ts';
import { sessionFor } from './logins.ts';
import { pemOf, rsaKeysFor } from './rsa-keys.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

/** What it is made with. */
interface Options {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
}

type Answer = { readonly response: Response; readonly handle?: string | undefined };

/**
 * Auth0's keys of applications. Sources, where none is named: see `manageApplication`; auth0.com/docs,
 * "Authenticate with Private Key JWT". An application starts without a key here, and with that method.
 */
export class Auth0ClientKeySimulator implements Issuer {
  readonly provider = 'auth0-client-key';
  readonly host: string;
  readonly applications: Applications;
  readonly #options: Options;
  readonly #knobs: IssuerKnobs;
  readonly #log: IssuerLogEntry[] = [];
  readonly #assertions: Assertions;
  /** Auth0 knows no private key: lines of those that a consumer or a person here had. */
  readonly #seen = new Map<string, string>();
  /** Those that people create. */
  readonly #keys = rsaKeysFor('auth0-client-key');
  #serial = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#knobs = options.knobs ?? {};
    this.host = options.host ?? 'auth0-keys.keyturn.test';
    const now = (): Instant => this.#now();
    this.applications = new Applications(this.host, now, this.#knobs);
    const { applications, host } = this;
    this.#assertions = new Assertions({ applications, host, now, delays: options.delays ?? {} });
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, clientId: this.applications.accounts.of(secret) }));
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
    const { clientId, pem, kid } = this.#stored(secretText);
    const jti = `consumer-${this.#serial++}`;
    const aud = `https://${this.host}/`;
    const fields = consumerAssertion(pem, { clientId, aud, kid, now: this.#now(), jti });
    return new Request(`https://${this.host}/oauth/token`, {
      method: 'POST',
      headers: { 'user-agent': agent },
      body: new URLSearchParams({ grant_type: 'client_credentials', audience: 'urn:api', ...fields }),
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const id = this.applications.accounts.of(secretName);
    const isGone = !this.applications.accounts.has(id);
    return this.applications.of(id).map((key) => ({
      handle: this.applications.handleOf(id, key),
      value: this.#seen.get(modulusOf(key.numbers)) ?? `unknown-${key.id}`,
      name: undefined,
      createdAt: key.createdAt,
      live: isBoundNow(key) && !isGone,
      disabled: !isBoundNow(key) && !key.deleted && !isGone,
    }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const id = this.applications.accounts.of(secretName);
    const pem = pemOf(this.#keys());
    const numbers = numbersOf(pem);
    if (!numbers) throw new Error('a new key is none');
    this.#seen.set(modulusOf(numbers), lineOf(pem));
    const key = this.applications.add(id, numbers);
    this.applications.bind(id, [...this.#bound(id), key.id]);
    return JSON.stringify({ client_id: id, private_key: pem, kid: key.kid });
  }

  async revokeByHand(handle: string): Promise<void> {
    for (const { id, key } of this.applications.all())
      if (this.applications.handleOf(id, key) === handle) this.applications.remove(key);
  }

  async close(): Promise<void> {}

  async #answer(request: Request): Promise<Answer> {
    const { pathname } = new URL(request.url);
    if (request.method === 'POST' && pathname === '/oauth/token')
      return this.#token(new URLSearchParams(await request.text()));
    if (!pathname.startsWith('/api/v2/clients/')) return { response: fault(404, 'Not Found', 'Not Found') };
    const isListedNow = (handle: string, createdAt: Instant): boolean =>
      isListed({ handle, createdAt }, this.#knobs, this.#now());
    const about = { applications: this.applications, isListed: isListedNow };
    return { response: await manageApplication(request, pathname, about) };
  }

  #token(form: URLSearchParams): Answer {
    const login = TokenRequest.safeParse(Object.fromEntries(form)).data;
    if (login) return { response: this.#login(login) };
    const { handle, isGood } = this.#assertions.judge(assertionIn(form));
    if (!isGood) return { response: refused(), handle };
    if (form.get('grant_type') === 'refresh_token')
      return { response: oauthFault(403, 'invalid_grant', 'Unknown or invalid refresh token.'), handle };
    const token = { access_token: 'access-token-of-a-consumer', token_type: 'Bearer', expires_in: 86_400 };
    return { response: Response.json(token), handle };
  }

  #login({ client_id: id, client_secret: secret, audience }: Record<string, string>): Response {
    const isRight =
      id === ADMIN.clientId && secret === ADMIN.clientSecret && audience === `https://${this.host}/api/v2/`;
    if (!isRight) return denied();
    const token = sessionFor(ADMIN.clientId, ADMIN.clientSecret);
    return Response.json({ access_token: token, token_type: 'Bearer', expires_in: 86_400 });
  }

  #bound(id: string): string[] {
    return this.applications
      .kept(id)
      .filter(isBoundNow)
      .map((key) => key.id);
  }

  /** What a stored text says of its application, or else the one whose key it is. */
  #stored(text: string): { clientId: string; pem: string; kid: string | undefined } {
    const fields: Record<string, string> = text.startsWith('{') ? JSON.parse(text) : {};
    const pem = fields['private_key'] ?? text;
    const numbers = numbersOf(pem);
    const modulus = numbers && modulusOf(numbers);
    if (modulus !== undefined) this.#seen.set(modulus, lineOf(pem));
    const own = this.applications.all().find(({ key }) => modulusOf(key.numbers) === modulus);
    return {
      clientId: fields['client_id'] ?? own?.id ?? 'unknown',
      pem,
      kid: fields['kid'] ?? own?.key.kid,
    };
  }

  #now(): Instant {
    return issuerTime(this.#options.clock, this.#knobs);
  }
}

/** The words are not documented. */
function refused(): Response {
  return oauthFault(401, 'invalid_client', 'The client could not be authenticated.');
}
