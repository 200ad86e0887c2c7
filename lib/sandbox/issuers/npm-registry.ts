/** A simulated npm registry, as far as its token endpoints go. */
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { dated, isListed, issuerTime, type IssuerKnobs } from './knobs.ts';
import { PROFILE, consumeRequest, listed, objectOf, problem, profileOf } from './npm-registry-answers.ts';
import {
  RegistryUsers,
  isWithin,
  kept,
  userNameFor,
  type StoredToken,
  type User,
} from './npm-registry-users.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

/** Who asks: a user by password, a user by token, or a caller that the registry does not know. */
type Caller =
  | { readonly user: User; readonly token?: StoredToken }
  | { readonly refusal: Response; readonly token?: StoredToken }
  | 'anonymous';

/** What the simulated registry is made with. */
export interface NpmRegistryOptions {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
  /** The address that requests come from; one of this machine by default. */
  readonly caller?: string;
}

const TOKENS = '/-/npm/v1/tokens';

/**
 * The token endpoints of Verdaccio 6.8.0 with its default, encrypted tokens.
 * Its behaviour was taken from that software, and a test asks both the same questions.
 * Networks (`cidr`) of IPv4 are enforced.
 */
export class NpmRegistrySimulator implements Issuer {
  readonly provider = 'npm-registry';
  readonly host: string;
  readonly #clock: Clock;
  readonly #delays: IssuerDelays;
  readonly #knobs: IssuerKnobs;
  readonly #caller: string;
  readonly #users: RegistryUsers;
  readonly #log: IssuerLogEntry[] = [];

  constructor(options: NpmRegistryOptions) {
    this.#knobs = options.knobs ?? {};
    this.#caller = options.caller ?? '127.0.0.1';
    this.host = options.host ?? 'npm.keyturn.test';
    this.#clock = options.clock;
    this.#delays = options.delays ?? {};
    this.#users = new RegistryUsers(this.host, this.#knobs);
  }

  adminSecret(secretNames: readonly string[]): string {
    return JSON.stringify({
      url: `https://${this.host}`,
      grants: secretNames.map((secret) => {
        const { name: user, password } = this.#users.of(secret);
        return { secret, user, password };
      }),
    });
  }

  async fetch(request: Request): Promise<Response> {
    const foreign = this.#knobs.gateway?.(request);
    if (foreign) {
      this.#note(request, foreign, undefined);
      return foreign;
    }
    const caller = this.#authenticate(request.headers.get('authorization'));
    const token = caller === 'anonymous' ? undefined : caller.token;
    const response = await this.#answer(request, caller);
    this.#note(request, response, token && this.#users.handleOf(token));
    return dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    return consumeRequest(this.host, secretText, agent);
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const { tokens } = this.#users.of(secretName);
    return tokens.map((token) => ({
      handle: this.#users.handleOf(token),
      value: token.value,
      name: undefined,
      createdAt: token.createdAt,
      live: token.deletedAt === undefined && !this.#users.isGone(userNameFor(secretName)),
    }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    return JSON.stringify({ token: this.#mint(this.#users.of(secretName), false, []).value });
  }

  async revokeByHand(handle: string): Promise<void> {
    for (const token of this.#users.tokens())
      if (this.#users.handleOf(token) === handle) token.deletedAt ??= this.#now();
  }

  async close(): Promise<void> {}

  #now(): Instant {
    return issuerTime(this.#clock, this.#knobs);
  }

  #note(request: Request, { status }: Response, handle: string | undefined): void {
    this.#log.push({
      at: this.#now(),
      operation: `${request.method} ${new URL(request.url).pathname}`,
      status,
      handle,
      agent: request.headers.get('user-agent') ?? '',
    });
  }

  #mint(user: User, readonly: boolean, cidr: readonly unknown[]): StoredToken {
    return this.#users.mint(user, { readonly, cidr, createdAt: this.#now() });
  }

  /** A caller that it cannot read is anonymous. A deleted token is rejected. */
  #authenticate(header: string | null): Caller {
    const [scheme = '', text = ''] = header?.split(' ') ?? [];
    if (scheme === 'Basic') {
      const user = this.#users.byPassword(Buffer.from(text, 'base64').toString());
      return user ? { user } : 'anonymous';
    }
    for (const user of this.#users.all()) {
      const token = user.tokens.find((candidate) => candidate.value === text);
      // An encrypted token holds its user's name and password: without the user it opens nothing.
      if (token && this.#users.isGone(user.name)) return 'anonymous';
      if (token)
        return this.#accepts(token)
          ? { user, token }
          : { refusal: problem(403, 'unauthorized access'), token };
    }
    return 'anonymous';
  }

  #accepts(token: StoredToken): boolean {
    if (!isWithin(token.cidr, this.#caller)) return false;
    const { propagation = 0, revokeLag = 0 } = this.#delays;
    const { createdAt, deletedAt } = token;
    if (deletedAt === undefined) return this.#now() >= createdAt + propagation;
    return this.#now() < deletedAt + revokeLag;
  }

  async #answer(request: Request, caller: Caller): Promise<Response> {
    if (caller !== 'anonymous' && 'refusal' in caller) return caller.refusal;
    const { pathname } = new URL(request.url);
    if (pathname === '/-/whoami')
      return Response.json(caller === 'anonymous' ? {} : { username: caller.user.name });
    if (caller === 'anonymous')
      return pathname === PROFILE
        ? Response.json({ message: 'You must be logged in to publish packages.' }, { status: 401 })
        : problem(401, 'no credentials provided');
    const { user, token } = caller;
    if (token?.readonly && request.method !== 'GET') return problem(403, 'unauthorized access');
    if (pathname === PROFILE) return Response.json(profileOf(user));
    if (pathname.startsWith(`${TOKENS}/token/`) && request.method === 'DELETE')
      return this.#delete(user, pathname.slice(`${TOKENS}/token/`.length));
    if (pathname !== TOKENS) return problem(404, 'file not found');
    return request.method === 'POST' ? this.#create(user, await request.text()) : this.#list(user);
  }

  #list(user: User): Response {
    const now = this.#now();
    const objects = kept(user).filter((entry) =>
      isListed({ handle: this.#users.handleOf(entry), createdAt: entry.createdAt }, this.#knobs, now),
    );
    return Response.json({ objects: objects.map((entry) => listed(user, entry)), urls: { next: '' } });
  }

  #create(user: User, body: string): Response {
    const { password, readonly = false, cidr_whitelist: cidr = [] } = objectOf(JSON.parse(body));
    if (typeof readonly !== 'boolean' || !Array.isArray(cidr))
      return problem(422, 'the parameters are not valid');
    if (password !== user.password) return problem(401, 'bad username/password, access denied');
    const token = this.#mint(user, readonly, cidr);
    return Response.json({ ...listed(user, token), token: token.value });
  }

  /** A key that it does not know is no error, unless the user never had a token. */
  #delete(user: User, key: string): Response {
    if (user.tokens.length === 0) return problem(500, 'user not found');
    const token = kept(user).find((candidate) => candidate.key === key);
    if (token) token.deletedAt = this.#now();
    return Response.json({});
  }
}
