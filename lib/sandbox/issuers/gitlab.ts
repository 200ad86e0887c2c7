/** A simulated GitLab instance, as far as access tokens go: who calls, and what the instance keeps. */
import { DAY, MINUTE, type Instant } from '../../../functions/core/basics/time.ts';
import { invalidToken, isActive, refuse, retryLater, type StoredToken } from './gitlab-answers.ts';
import type { GitlabOptions } from './gitlab-options.ts';
import { GitlabResources } from './gitlab-resources.ts';
import { TokenStore } from './gitlab-store.ts';
import { answerTokenRequest, type Instance } from './gitlab-token-api.ts';
import { dated, issuerTime, type IssuerKnobs } from './knobs.ts';
import { randomText } from './random-text.ts';
import type { IssuedCredential, Issuer, IssuerLogEntry } from './simulator.ts';

/** Source: docs.gitlab.com, "View the last time a token was used". */
const LAST_USED_EVERY = 10 * MINUTE;

/**
 * A GitLab instance as far as access tokens go. Replacing in place is left out.
 * Source, where none is named: docs.gitlab.com, the API page of each kind of token.
 */
export class GitlabSimulator implements Issuer {
  readonly provider = 'gitlab';
  readonly host: string;
  readonly #options: GitlabOptions;
  readonly #knobs: IssuerKnobs;
  readonly #admin: string;
  readonly #resources: GitlabResources;
  readonly #tokens: TokenStore;
  readonly #log: IssuerLogEntry[] = [];
  #window = { start: 0, used: 0 };

  constructor(options: GitlabOptions) {
    this.#options = options;
    this.#knobs = options.knobs ?? {};
    this.host = options.host ?? 'gitlab.keyturn.test';
    this.#resources = new GitlabResources(options, this.#knobs);
    this.#tokens = new TokenStore(randomText(options.seed ?? 1), this.#knobs);
    const account = options.adminAccount;
    this.#admin =
      account === undefined
        ? this.#tokens.value()
        : this.#add(account, { name: 'made by hand', scopes: ['api'] }).value;
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => {
      const resource = this.#resources.of(secret);
      const role = /^(projects|groups)\/\d+$/.test(resource) ? { accessLevel: 30 } : {};
      const scopes = resource === this.#options.adminAccount ? ['api'] : ['read_api', 'read_repository'];
      return { secret, resource, scopes, ...role, maxDays: 90 };
    });
    return JSON.stringify({
      url: `https://${this.host}${this.#options.basePath ?? ''}`,
      token: this.#admin,
      grants,
    });
  }

  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const foreign = this.#knobs.gateway?.(request);
    const { value, token } = this.#caller(request);
    const response =
      foreign ??
      this.#throttled() ??
      this.#unauthorized(value, token) ??
      (await answerTokenRequest(request, url, token, this.#instance()));
    if (!foreign && token && response.status !== 401 && response.status !== 429) this.#touch(token);
    this.#log.push({
      at: this.#now(),
      operation: `${request.method} ${url.pathname}`,
      status: response.status,
      handle: foreign ? undefined : token && this.#handleOf(token),
      agent: request.headers.get('user-agent') ?? '',
    });
    return foreign ?? dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    const value = secretText.trimStart().startsWith('{')
      ? String(JSON.parse(secretText).token)
      : secretText.trim();
    return new Request(`https://${this.host}${this.#options.basePath ?? ''}/api/v4/version`, {
      headers: { 'private-token': value, 'user-agent': agent },
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const resource = this.#resources.of(secretName);
    return this.#tokens
      .all()
      .filter((token) => token.resource === resource)
      .map((token) => ({
        handle: this.#handleOf(token),
        value: token.value,
        name: token.name,
        createdAt: token.createdAt,
        live: isActive(token, this.#now()) && !this.#resources.isGone(resource),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const made = this.#add(this.#resources.of(secretName), {
      name: 'made by hand',
      scopes: ['read_api', 'read_repository'],
      access_level: 30,
    });
    return JSON.stringify({ token: made.value });
  }

  async revokeByHand(handle: string): Promise<void> {
    const token = this.#tokens.all().find((candidate) => this.#handleOf(candidate) === handle);
    if (!token) throw new Error(`no token ${handle}`);
    token.revokedAt ??= this.#now();
  }

  async close(): Promise<void> {}

  #instance(): Instance {
    return {
      options: this.#options,
      knobs: this.#knobs,
      resources: this.#resources,
      tokens: this.#tokens,
      now: () => this.#now(),
      handleOf: (token) => this.#handleOf(token),
    };
  }

  #add(resource: string, asked: { name: string; scopes: string[]; access_level?: number }): StoredToken {
    return this.#tokens.add(resource, { ...asked, expires: this.#now() + 90 * DAY }, this.#now());
  }

  #caller(request: Request): { value: string | undefined; token: StoredToken | undefined } {
    const value =
      request.headers.get('private-token') ??
      /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
    return { value, token: this.#tokens.all().find((token) => token.value === value) };
  }

  #unauthorized(value: string | undefined, token: StoredToken | undefined): Response | undefined {
    if (
      value === this.#admin &&
      token === undefined &&
      this.#now() < (this.#options.adminExpiresAt ?? Infinity)
    )
      return undefined;
    const now = this.#now();
    const { propagation = 0, revokeLag = 0 } = this.#options.delays ?? {};
    if (!token || now < token.createdAt + propagation || this.#resources.isGone(token.resource))
      return refuse(401, 'Unauthorized');
    const isRevoked = token.revokedAt !== undefined && now >= token.revokedAt + revokeLag;
    // One that the instance forgot is like one that never was.
    if (isRevoked)
      return this.#knobs.reusesIds === true
        ? refuse(401, 'Unauthorized')
        : invalidToken('Token was revoked. You have to re-authorize from the user.');
    return now >= token.expiresAt
      ? invalidToken('Token is expired. You can either do re-authorization or token refresh.')
      : undefined;
  }

  #touch(token: StoredToken): void {
    if (token.lastUsedAt === undefined || this.#now() - token.lastUsedAt >= LAST_USED_EVERY)
      token.lastUsedAt = this.#now();
  }

  #throttled(): Response | undefined {
    const { requestsPerMinute: limit } = this.#options;
    if (limit === undefined) return undefined;
    const now = this.#now();
    if (now >= this.#window.start + MINUTE) this.#window = { start: now, used: 0 };
    this.#window.used++;
    return this.#window.used > limit
      ? retryLater(limit, this.#window.used, { now, until: this.#window.start + MINUTE })
      : undefined;
  }

  #handleOf(token: StoredToken): string {
    return `${this.host}${this.#options.basePath ?? ''}/${token.resource}/${token.id}`;
  }

  #now(): Instant {
    return issuerTime(this.#options.clock, this.#knobs);
  }
}
