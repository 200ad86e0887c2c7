import { DAY, MINUTE, type Instant } from '../../../functions/core/time.ts';
import type { Clock } from '../clock.ts';
import { answer, dateOf, insufficientScope, invalidToken, isActive, page, readNewToken, refuse, retryLater, shown, type NewToken, type StoredToken } from './gitlab-answers.ts';
import { isBot, placeOf, type Place } from './gitlab-places.ts';
import { randomText } from './random-text.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

export interface GitlabOptions {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  /** Same seed, same ids and values. */
  readonly seed?: number;
  /** Calls in a minute before it answers 429; none by default, as on an instance without the limit. */
  readonly requestsPerMinute?: number;
  /** The instance's longest life of a token. Source: "Access token expiration": 365 days, or 400 when extended. */
  readonly maxDays?: 365 | 400;
  /** The account whose tokens of scope `api` may do everything, such as a service account that owns the group; by default the admin credential is nobody's token. */
  readonly adminAccount?: string;
  /** When the admin credential ends that is nobody's token. */
  readonly adminExpiresAt?: Instant;
  /** The resource of the n-th secret, from 1; projects by default. */
  readonly resourceOf?: (index: number) => string;
}

/** Source: docs.gitlab.com, "View the last time a token was used". */
const LAST_USED_EVERY = 10 * MINUTE;

/** A GitLab instance as far as access tokens go. Source, where none is noted: docs.gitlab.com, the API page of each kind of token. Replacing in place is left out. */
export class GitlabSimulator implements Issuer {
  readonly provider = 'gitlab';
  readonly host: string;
  readonly #options: GitlabOptions;
  readonly #random: (length: number) => string;
  readonly #admin: string;
  readonly #resources = new Map<string, string>();
  readonly #tokens: StoredToken[] = [];
  readonly #log: IssuerLogEntry[] = [];
  #window = { start: 0, used: 0 };

  constructor(options: GitlabOptions) {
    this.#options = options;
    this.host = options.host ?? 'gitlab.keyturn.test';
    this.#random = randomText(options.seed ?? 1);
    const account = options.adminAccount;
    this.#admin = account === undefined ? `glpat-${this.#random(20)}` : this.#store(account, { name: 'made by hand', scopes: ['api'], expires: this.#now() + 90 * DAY }).value;
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => {
      const resource = this.#resourceFor(secret);
      const role = /^(projects|groups)\/\d+$/.test(resource) ? { accessLevel: 30 } : {};
      const scopes = resource === this.#options.adminAccount ? ['api'] : ['read_api', 'read_repository'];
      return { secret, resource, scopes, ...role, maxDays: 90 };
    });
    return JSON.stringify({ url: `https://${this.host}`, token: this.#admin, grants });
  }

  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const { value, token } = this.#caller(request);
    const response = this.#throttled() ?? this.#unauthorized(value, token) ?? (await this.#route(request, url, token));
    if (token && response.status !== 401 && response.status !== 429) this.#touch(token);
    this.#log.push({ at: this.#now(), operation: `${request.method} ${url.pathname}`, status: response.status, handle: token && this.#handleOf(token), agent: request.headers.get('user-agent') ?? '' });
    return response;
  }

  consume(secretText: string, agent: string): Request {
    const value = secretText.trimStart().startsWith('{') ? String(JSON.parse(secretText).token) : secretText.trim();
    return new Request(`https://${this.host}/api/v4/version`, { headers: { 'private-token': value, 'user-agent': agent } });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    return this.#of(this.#resourceFor(secretName)).map((token) => ({
      handle: this.#handleOf(token),
      value: token.value,
      name: token.name,
      createdAt: token.createdAt,
      live: isActive(token, this.#now()),
    }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async mintByHand(secretName: string): Promise<string> {
    const made = this.#store(this.#resourceFor(secretName), { name: 'made by hand', scopes: ['read_api', 'read_repository'], expires: this.#now() + 90 * DAY, access_level: 30 });
    return JSON.stringify({ token: made.value });
  }

  async killByHand(handle: string): Promise<void> {
    const token = this.#tokens.find((candidate) => this.#handleOf(candidate) === handle);
    if (!token) throw new Error(`no token ${handle}`);
    token.revokedAt ??= this.#now();
  }

  async close(): Promise<void> {}

  async #route(request: Request, url: URL, caller: StoredToken | undefined): Promise<Response> {
    const path = url.pathname.replace(/^\/api\/v4/, '');
    const now = this.#now();
    if (path === '/version' && request.method === 'GET') return answer(200, { version: '18.3.0-ee', revision: 'sandbox' });
    // "Self-inform": any token, whatever its scopes.
    if (path === '/personal_access_tokens/self' && request.method === 'GET') return answer(200, caller ? shown(caller, now) : this.#adminShown());
    const place = placeOf(path, url.searchParams);
    if (!place) return answer(404, { error: '404 Not Found' });
    if (caller && !(caller.resource === this.#options.adminAccount && caller.scopes.includes('api'))) return caller.scopes.includes('api') ? refuse(401, 'Unauthorized') : insufficientScope();
    if (place.resource !== undefined && ![...this.#resources.values(), this.#options.adminAccount].includes(place.resource)) return refuse(404, `${place.resource.startsWith('projects/') ? 'Project' : 'Group'} Not Found`);
    if (request.method === 'POST' && place.resource !== undefined && place.tokenId === undefined) return this.#create(place.resource, await request.json().catch(() => undefined));
    return this.#readOrRevoke(request.method, url, place);
  }

  /** The admin credential that is nobody's token: one of an instance that asks for no expiry, unless the options give it one. */
  #adminShown(): object {
    const { adminExpiresAt } = this.#options;
    return { id: 1, name: 'keyturn', revoked: false, active: true, created_at: new Date(0).toISOString(), expires_at: adminExpiresAt === undefined ? null : dateOf(adminExpiresAt), last_used_at: null, scopes: ['api'], user_id: 1 };
  }

  #create(resource: string, body: unknown): Response {
    const asked = readNewToken(body, this.#now(), this.#options.maxDays ?? 365);
    if (asked instanceof Response) return asked;
    const made = this.#store(resource, asked);
    return answer(201, { ...shown(made, this.#now()), token: made.value });
  }

  #readOrRevoke(method: string, url: URL, place: Place): Response {
    const all = place.resource === undefined ? this.#tokens.filter((token) => !isBot(token.resource)) : this.#of(place.resource);
    const now = this.#now();
    if (place.tokenId === undefined) return method === 'GET' ? page(url, all.map((token) => shown(token, now))) : answer(405, { error: '405 Not Allowed' });
    const token = all.find((candidate) => String(candidate.id) === place.tokenId);
    if (!token) return refuse(404, `${place.resource?.startsWith('projects/') ? 'project Access Token ' : ''}Not Found`);
    if (method === 'GET') return answer(200, shown(token, now));
    if (method !== 'DELETE') return answer(405, { error: '405 Not Allowed' });
    token.revokedAt ??= now;
    return new Response(null, { status: 204 });
  }

  #store(resource: string, asked: Pick<NewToken, 'name' | 'scopes' | 'expires' | 'access_level' | 'description'>): StoredToken {
    const id = 1001 + this.#tokens.length;
    const token: StoredToken = {
      id,
      resource,
      // A project or group token gets a bot user of its own.
      userId: isBot(resource) ? 50_000 + id : Number(resource.split('/').at(-1)),
      name: asked.name,
      description: asked.description ?? null,
      scopes: asked.scopes,
      // Source: "Create a project access token": Maintainer unless asked otherwise.
      accessLevel: isBot(resource) ? (asked.access_level ?? 40) : undefined,
      createdAt: this.#now(),
      expiresAt: asked.expires,
      value: `glpat-${this.#random(20)}`,
      revokedAt: undefined,
      lastUsedAt: undefined,
    };
    this.#tokens.push(token);
    return token;
  }

  #caller(request: Request): { value: string | undefined; token: StoredToken | undefined } {
    const value = request.headers.get('private-token') ?? /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
    return { value, token: this.#tokens.find((token) => token.value === value) };
  }

  #unauthorized(value: string | undefined, token: StoredToken | undefined): Response | undefined {
    if (value === this.#admin && token === undefined && this.#now() < (this.#options.adminExpiresAt ?? Infinity)) return undefined;
    const now = this.#now();
    const { propagation = 0, revokeLag = 0 } = this.#options.delays ?? {};
    if (!token || now < token.createdAt + propagation) return refuse(401, 'Unauthorized');
    if (token.revokedAt !== undefined && now >= token.revokedAt + revokeLag) return invalidToken('Token was revoked. You have to re-authorize from the user.');
    return now >= token.expiresAt ? invalidToken('Token is expired. You can either do re-authorization or token refresh.') : undefined;
  }

  #touch(token: StoredToken): void {
    if (token.lastUsedAt === undefined || this.#now() - token.lastUsedAt >= LAST_USED_EVERY) token.lastUsedAt = this.#now();
  }

  #throttled(): Response | undefined {
    const { requestsPerMinute: limit } = this.#options;
    if (limit === undefined) return undefined;
    const now = this.#now();
    if (now >= this.#window.start + MINUTE) this.#window = { start: now, used: 0 };
    this.#window.used++;
    return this.#window.used > limit ? retryLater(limit, this.#window.used, { now, until: this.#window.start + MINUTE }) : undefined;
  }

  #of(resource: string): StoredToken[] {
    return this.#tokens.filter((token) => token.resource === resource);
  }

  #resourceFor(secretName: string): string {
    const known = secretName.startsWith('keyturn/admin/') ? this.#options.adminAccount : this.#resources.get(secretName);
    if (known !== undefined) return known;
    const index = this.#resources.size + 1;
    const resource = this.#options.resourceOf?.(index) ?? `projects/${100 + index}`;
    this.#resources.set(secretName, resource);
    return resource;
  }

  #handleOf(token: StoredToken): string {
    return `${this.host}/${token.resource}/${token.id}`;
  }

  #now(): Instant {
    return this.#options.clock.now();
  }
}
