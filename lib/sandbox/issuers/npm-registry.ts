import { createHash } from 'node:crypto';
import { BlockList, isIPv4 } from 'node:net';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { dated, isListed, issuerTime, type IssuerKnobs } from './knobs.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

interface StoredToken {
  readonly key: string;
  readonly value: string;
  readonly readonly: boolean;
  readonly cidr: readonly unknown[];
  readonly createdAt: Instant;
  deletedAt?: Instant;
}

interface User {
  readonly name: string;
  readonly password: string;
  readonly tokens: StoredToken[];
}

/** Who asks: a user by password, a user by token, or nobody the registry knows. */
type Caller =
  | { readonly user: User; readonly token?: StoredToken }
  | { readonly refusal: Response; readonly token?: StoredToken }
  | 'anonymous';

export interface NpmRegistryOptions {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
  /** The address that requests come from; one of this machine by default. */
  readonly caller?: string;
}

const TOKENS = '/-/npm/v1/tokens';
/** Takes a good token, unlike `/-/whoami`, which answers 200 to everybody. */
const PROFILE = '/-/npm/v1/user';

/**
 * The token endpoints of Verdaccio 6.8.0 with its default, encrypted tokens. Its behaviour was taken from that software and
 * a test asks both the same questions. Networks (`cidr`) of IPv4 are enforced.
 */
export class NpmRegistrySimulator implements Issuer {
  readonly provider = 'npm-registry';
  readonly host: string;
  readonly #clock: Clock;
  readonly #delays: IssuerDelays;
  readonly #knobs: IssuerKnobs;
  readonly #caller: string;
  readonly #users = new Map<string, User>();
  readonly #log: IssuerLogEntry[] = [];
  #serial = 0;

  constructor({
    clock,
    host = 'npm.keyturn.test',
    delays = {},
    knobs = {},
    caller = '127.0.0.1',
  }: NpmRegistryOptions) {
    this.#knobs = knobs;
    this.#caller = caller;
    this.host = host;
    this.#clock = clock;
    this.#delays = delays;
  }

  adminSecret(secretNames: readonly string[]): string {
    return JSON.stringify({
      url: `https://${this.host}`,
      grants: secretNames.map((secret) => ({ secret, ...credentialsOf(this.#userFor(secret)) })),
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
    this.#note(request, response, token && this.#handleOf(token));
    return dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    return consumeRequest(this.host, secretText, agent);
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const { tokens } = this.#userFor(secretName);
    return tokens.map((token) => ({
      handle: this.#handleOf(token),
      value: token.value,
      name: undefined,
      createdAt: token.createdAt,
      live: token.deletedAt === undefined && !this.#isGone(userNameFor(secretName)),
    }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async mintByHand(secretName: string): Promise<string> {
    return JSON.stringify({ token: this.#mint(this.#userFor(secretName), false, []).value });
  }

  async killByHand(handle: string): Promise<void> {
    for (const token of this.#allTokens())
      if (this.#handleOf(token) === handle) token.deletedAt ??= this.#now();
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

  #isGone(user: string): boolean {
    return [...(this.#knobs.gone ?? [])].some((secretName) => userNameFor(secretName) === user);
  }

  #userFor(secretName: string): User {
    const name = userNameFor(secretName);
    const user = this.#users.get(name) ?? {
      name,
      password: digest(`password/${name}`).slice(0, 24),
      tokens: [],
    };
    this.#users.set(name, user);
    return user;
  }

  #allTokens(): StoredToken[] {
    return [...this.#users.values()].flatMap((user) => user.tokens);
  }

  #handleOf(token: StoredToken): string {
    const owner = [...this.#users.values()].find((user) => user.tokens.includes(token));
    return `${this.host}/-/user/${owner?.name ?? ''}/tokens/${token.key}`;
  }

  /** A text of the length and alphabet of Verdaccio's: base64 of a hexadecimal initial vector, a colon and a cipher text. */
  #mint(user: User, readonly: boolean, cidr: readonly unknown[]): StoredToken {
    const seed = digest(`${user.name}/${this.#serial++}`);
    const value = Buffer.from(`${seed.slice(0, 32)}:${seed}${digest(seed)}`).toString('base64');
    const token: StoredToken = {
      key: digest(`key/${seed}`).slice(0, 32),
      value,
      readonly,
      cidr,
      createdAt: this.#now(),
    };
    user.tokens.push(token);
    return token;
  }

  /** What it cannot read is nobody; a deleted token is refused, as is one for reading that writes. */
  #authenticate(header: string | null): Caller {
    const [scheme = '', text = ''] = header?.split(' ') ?? [];
    if (scheme === 'Basic') return this.#byPassword(Buffer.from(text, 'base64').toString());
    for (const user of this.#users.values()) {
      const token = user.tokens.find((candidate) => candidate.value === text);
      // An encrypted token holds its user's name and password: without the user it opens nothing.
      if (token && this.#isGone(user.name)) return 'anonymous';
      if (token)
        return this.#accepts(token)
          ? { user, token }
          : { refusal: problem(403, 'unauthorized access'), token };
    }
    return 'anonymous';
  }

  #byPassword(text: string): Caller {
    const [name = '', ...rest] = text.split(':');
    const user = this.#users.get(name);
    return user?.password === rest.join(':') && !this.#isGone(user.name) ? { user } : 'anonymous';
  }

  #accepts(token: StoredToken): boolean {
    const { propagation = 0, revokeLag = 0 } = this.#delays;
    const now = this.#now();
    if (!isWithin(token.cidr, this.#caller)) return false;
    return token.deletedAt === undefined
      ? now >= token.createdAt + propagation
      : now < token.deletedAt + revokeLag;
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
      isListed({ handle: this.#handleOf(entry), createdAt: entry.createdAt }, this.#knobs, now),
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

  /** A key that it does not know is fine, but not for a user who never had a token. */
  #delete(user: User, key: string): Response {
    if (user.tokens.length === 0) return problem(500, 'user not found');
    const token = kept(user).find((candidate) => candidate.key === key);
    if (token) token.deletedAt = this.#now();
    return Response.json({});
  }
}

/** What a consumer does with its token: here it reads the user's profile. */
export function consumeRequest(host: string, secretText: string, agent: string): Request {
  const stored = secretText.startsWith('{') ? objectOf(JSON.parse(secretText)) : { token: secretText };
  return new Request(`https://${host}${PROFILE}`, {
    headers: { authorization: `Bearer ${String(stored.token)}`, 'user-agent': agent },
  });
}

/** The user that serves one secret in the sandbox. */
export function userNameFor(secretName: string): string {
  return `u-${digest(secretName).slice(0, 12)}`;
}

function credentialsOf({ name, password }: User): { user: string; password: string } {
  return { user: name, password };
}

function profileOf({ name }: User): Record<string, unknown> {
  return {
    tfa: false,
    name,
    email: '',
    email_verified: false,
    created: '',
    updated: '',
    cidr_whitelist: null,
    fullname: '',
  };
}

/** Whether a token that is limited to networks is taken from an address; one without is taken from anywhere. */
function isWithin(cidr: readonly unknown[], address: string): boolean {
  if (cidr.length === 0) return true;
  const networks = new BlockList();
  for (const [network = '', bits = ''] of cidr.map((text) => String(text).split('/')))
    if (isIPv4(network)) networks.addSubnet(network, Number(bits), 'ipv4');
  return networks.check(address, 'ipv4');
}

function kept(user: User): StoredToken[] {
  return user.tokens.filter((token) => token.deletedAt === undefined);
}

function listed(user: User, { key, value, cidr, readonly, createdAt }: StoredToken): Record<string, unknown> {
  return {
    user: user.name,
    token: `${value.slice(0, 5)}...${value.slice(-5)}`,
    key,
    cidr,
    readonly,
    created: new Date(createdAt).toISOString(),
  };
}

function problem(status: number, error: string): Response {
  return Response.json({ error }, { status });
}

function objectOf(json: unknown): Record<string, unknown> {
  return typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json)) : {};
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
