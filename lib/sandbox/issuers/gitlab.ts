import { DAY, MINUTE, type Instant } from '../../../functions/core/basics/time.ts';
import {
  answer,
  badRequest,
  insufficientScope,
  invalidToken,
  isActive,
  page,
  readNewToken,
  refuse,
  retryLater,
  shown,
  shownAdmin,
  shownToItself,
  type StoredToken,
} from './gitlab-answers.ts';
import type { GitlabOptions } from './gitlab-options.ts';
import { isBot, kindOf, placeOf, type Place } from './gitlab-places.ts';
import { TokenStore } from './gitlab-store.ts';
import { dated, isListed, issuerTime, type IssuerKnobs } from './knobs.ts';
import { randomText } from './random-text.ts';
import type { IssuedCredential, Issuer, IssuerLogEntry } from './simulator.ts';

export type { GitlabOptions } from './gitlab-options.ts';

/** Source: docs.gitlab.com, "View the last time a token was used". */
const LAST_USED_EVERY = 10 * MINUTE;

/** A GitLab instance as far as access tokens go. Source, where none is noted: docs.gitlab.com, the API page of each kind of token. Replacing in place is left out. */
export class GitlabSimulator implements Issuer {
  readonly provider = 'gitlab';
  readonly host: string;
  readonly #options: GitlabOptions;
  readonly #knobs: IssuerKnobs;
  readonly #admin: string;
  readonly #resources = new Map<string, string>();
  readonly #tokens: TokenStore;
  readonly #log: IssuerLogEntry[] = [];
  #window = { start: 0, used: 0 };

  constructor(options: GitlabOptions) {
    this.#options = options;
    this.#knobs = options.knobs ?? {};
    this.host = options.host ?? 'gitlab.keyturn.test';
    this.#tokens = new TokenStore(randomText(options.seed ?? 1), this.#knobs);
    const account = options.adminAccount;
    this.#admin =
      account === undefined
        ? this.#tokens.value()
        : this.#add(account, { name: 'made by hand', scopes: ['api'] }).value;
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => {
      const resource = this.#resourceFor(secret);
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
      (await this.#route(request, url, token));
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
    const resource = this.#resourceFor(secretName);
    return this.#tokens
      .all()
      .filter((token) => token.resource === resource)
      .map((token) => ({
        handle: this.#handleOf(token),
        value: token.value,
        name: token.name,
        createdAt: token.createdAt,
        live: isActive(token, this.#now()) && !this.#isGone(resource),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async mintByHand(secretName: string): Promise<string> {
    const made = this.#add(this.#resourceFor(secretName), {
      name: 'made by hand',
      scopes: ['read_api', 'read_repository'],
      access_level: 30,
    });
    return JSON.stringify({ token: made.value });
  }

  async killByHand(handle: string): Promise<void> {
    const token = this.#tokens.all().find((candidate) => this.#handleOf(candidate) === handle);
    if (!token) throw new Error(`no token ${handle}`);
    token.revokedAt ??= this.#now();
  }

  async close(): Promise<void> {}

  async #route(request: Request, url: URL, caller: StoredToken | undefined): Promise<Response> {
    const base = `${this.#options.basePath ?? ''}/api/v4`;
    const path = url.pathname.startsWith(base) ? url.pathname.slice(base.length) : '';
    const now = this.#now();
    if (path === '/version' && request.method === 'GET')
      return answer(200, { version: '18.3.0-ee', revision: 'sandbox' });
    // "Self-inform": any token, whatever its scopes.
    if (path === '/personal_access_tokens/self' && request.method === 'GET')
      return answer(200, caller ? shownToItself(caller, now) : shownAdmin(this.#options.adminExpiresAt));
    const place = placeOf(path, url.searchParams);
    if (!place) return answer(404, { error: '404 Not Found' });
    if (caller && !caller.scopes.includes('api')) return insufficientScope();
    if (
      place.resource !== undefined &&
      (this.#isGone(place.resource) ||
        ![...this.#resources.values(), this.#options.adminAccount].includes(place.resource))
    )
      return refuse(404, `${place.resource.startsWith('projects/') ? 'Project' : 'Group'} Not Found`);
    const mayManage = caller === undefined || caller.resource === this.#options.adminAccount;
    if (request.method === 'POST' && place.resource !== undefined && place.tokenId === undefined)
      return this.#create(place.resource, mayManage, await request.json().catch(() => undefined));
    return this.#readOrRevoke(request.method, url, place, mayManage);
  }

  /** Source of the refusals: gitlabhq/gitlabhq, app/services/resource_access_tokens/create_service.rb, in its order. */
  #create(resource: string, mayManage: boolean, body: unknown): Response {
    const limits = { now: this.#now(), maxDays: this.#options.maxDays ?? 365, isBot: isBot(resource) };
    const asked = readNewToken(body, limits);
    if (asked instanceof Response) return asked;
    if (!mayManage)
      return limits.isBot
        ? badRequest(`User does not have permission to create ${kindOf(resource)} access token`)
        : refuse(401, 'Unauthorized');
    if (limits.isBot && (asked.access_level ?? 40) > (this.#options.adminLevel ?? 50))
      return badRequest('Access level of the token contains permissions not held by the creating user');
    const active = this.#of(resource).filter((token) => isActive(token, limits.now));
    if (active.length >= (this.#options.tokenLimit ?? Infinity))
      return badRequest('Access token limit reached');
    const made = this.#tokens.add(resource, asked, limits.now);
    return answer(201, { ...shown(made, limits.now), token: made.value });
  }

  /** Who may not look gets 401, who may not revoke 400 with two names. Source: lib/api/resource_access_tokens.rb, app/services/resource_access_tokens/revoke_service.rb. */
  #readOrRevoke(method: string, url: URL, place: Place, mayManage: boolean): Response {
    const all =
      place.resource === undefined
        ? this.#tokens.kept().filter((token) => !isBot(token.resource))
        : this.#of(place.resource);
    const now = this.#now();
    if (!mayManage && method === 'GET') return refuse(401, 'Unauthorized');
    const isShown = (token: StoredToken): boolean =>
      isListed({ handle: this.#handleOf(token), createdAt: token.createdAt }, this.#knobs, now);
    if (place.tokenId === undefined)
      return method === 'GET'
        ? page(
            url,
            all.filter(isShown).map((token) => shown(token, now)),
          )
        : answer(405, { error: '405 Not Allowed' });
    const token = all.find((candidate) => String(candidate.id) === place.tokenId);
    if (!token)
      return refuse(
        404,
        `${place.resource?.startsWith('projects/') ? 'project Access Token ' : ''}Not Found`,
      );
    if (method === 'GET') return answer(200, shown(token, now));
    if (method !== 'DELETE') return answer(405, { error: '405 Not Allowed' });
    if (!mayManage)
      return isBot(token.resource)
        ? badRequest(`Ann Example cannot delete ${token.name}`)
        : refuse(401, 'Unauthorized');
    token.revokedAt ??= now;
    return new Response(null, { status: 204 });
  }

  #add(resource: string, asked: { name: string; scopes: string[]; access_level?: number }): StoredToken {
    return this.#tokens.add(resource, { ...asked, expires: this.#now() + 90 * DAY }, this.#now());
  }

  #isGone(resource: string): boolean {
    return [...this.#resources].some(
      ([secretName, known]) => known === resource && this.#knobs.gone?.has(secretName) === true,
    );
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
    if (!token || now < token.createdAt + propagation || this.#isGone(token.resource))
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

  #of(resource: string): StoredToken[] {
    return this.#tokens.kept().filter((token) => token.resource === resource);
  }

  #resourceFor(secretName: string): string {
    const known = secretName.startsWith('keyturn/admin/')
      ? this.#options.adminAccount
      : this.#resources.get(secretName);
    if (known !== undefined) return known;
    const index = this.#resources.size + 1;
    const resource = this.#options.resourceOf?.(index) ?? `projects/${100 + index}`;
    this.#resources.set(secretName, resource);
    return resource;
  }

  #handleOf(token: StoredToken): string {
    return `${this.host}${this.#options.basePath ?? ''}/${token.resource}/${token.id}`;
  }

  #now(): Instant {
    return issuerTime(this.#options.clock, this.#knobs);
  }
}
