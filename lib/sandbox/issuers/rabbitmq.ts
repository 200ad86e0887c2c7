/** A simulated RabbitMQ, as far as users and their passwords go. */
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { administer, type Broker } from './rabbitmq-api.ts';
import { Users, markOf, seeded, type HeldPassword } from './rabbitmq-users.ts';
import { dated, isListed, issuerTime, type IssuerKnobs } from './knobs.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

const ADMIN = { username: 'keyturn', password: 'sandbox-rabbitmq-administrator' };
const TAGS = ['management'];
const PERMISSIONS = [{ vhost: '/', configure: '^$', write: '.*', read: '.*' }];

/** What the simulated RabbitMQ is made with. */
export interface RabbitmqOptions {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
}

/** A broker with its own users. A person who makes one by hand takes the first free name of a secret. */
export class RabbitmqSimulator implements Issuer {
  readonly provider = 'rabbitmq';
  readonly host: string;
  readonly #options: RabbitmqOptions;
  readonly #users = new Users(() => this.#now());
  readonly #secrets = new Map<string, string>();
  readonly #log: IssuerLogEntry[] = [];

  constructor(options: RabbitmqOptions) {
    this.#options = options;
    this.host = options.host ?? 'rabbitmq.keyturn.test';
    this.#users.putPassword(ADMIN.username, ADMIN.password, ['administrator']);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({
      secret,
      users: this.#namesFor(secret),
      tags: TAGS,
      permissions: PERMISSIONS,
    }));
    return JSON.stringify({ url: `https://${this.host}`, ...ADMIN, grants });
  }

  async fetch(request: Request): Promise<Response> {
    const foreign = this.#options.knobs?.gateway?.(request);
    const asked = this.#whoAsks(request);
    const response = foreign ?? asked.refusal ?? (await this.#answer(request, asked.user));
    this.#log.push({
      at: this.#now(),
      operation: `${request.method} ${new URL(request.url).pathname}`,
      status: response.status,
      handle: asked.user && this.#handleOf(asked.user),
      agent: request.headers.get('user-agent') ?? '',
    });
    return foreign ?? dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    const { username, password } = this.#stored(secretText);
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return new Request(`https://${this.host}/api/whoami`, {
      headers: { authorization, 'user-agent': agent },
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    return this.#namesFor(secretName)
      .flatMap((name) => this.#users.of(name))
      .map((one) => ({
        handle: this.#handleOf(one),
        value: this.#users.valueOf(one) ?? `unknown-${this.#handleOf(one)}`,
        name: undefined,
        createdAt: one.createdAt,
        live: one.endedAt === undefined && !this.#isGone(one.name),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const names = this.#namesFor(secretName);
    const username = names.find((name) => this.#users.find(name) === undefined) ?? names[0] ?? '';
    const password = this.#users.password();
    this.#users.putPassword(username, password, TAGS);
    return JSON.stringify({ username, password });
  }

  async revokeByHand(handle: string): Promise<void> {
    const one = this.#users.present().find((other) => this.#handleOf(other) === handle);
    if (one) this.#users.end(one);
  }

  async close(): Promise<void> {}

  async #answer(request: Request, user: HeldPassword | undefined): Promise<Response> {
    if (new URL(request.url).pathname === '/api/whoami')
      return user && request.method === 'GET'
        ? Response.json({ name: user.name, tags: user.tags })
        : new Response(null, { status: 405 });
    if (user?.tags.includes('administrator') !== true)
      return refused('not_authorised', 'Not administrator user');
    return administer(request, this.#broker());
  }

  #broker(): Broker {
    return {
      users: this.#users,
      isListed: (one) =>
        isListed(
          { handle: this.#handleOf(one), createdAt: one.createdAt },
          this.#options.knobs ?? {},
          this.#now(),
        ),
      isGone: (name) => this.#isGone(name),
    };
  }

  /** Tags are looked at after the password, as in rabbit_web_dispatch_access_control.erl. */
  #whoAsks(request: Request): { refusal?: Response; user: HeldPassword | undefined } {
    const header = request.headers.get('authorization') ?? '';
    if (!header.startsWith('Basic '))
      return { refusal: new Response(null, { status: 401, headers: CHALLENGE }), user: undefined };
    const [name = '', ...rest] = Buffer.from(header.replace(/^Basic /, ''), 'base64')
      .toString()
      .split(':');
    const user = this.#users.tried(name, rest.join(':'));
    if (!user || !this.#accepts(user))
      return { refusal: refused('not_authorized', 'Login failed', CHALLENGE), user };
    const isManaging = user.tags.some((tag) => MANAGING.includes(tag));
    return isManaging ? { user } : { refusal: refused('not_authorised', 'Not management user'), user };
  }

  #accepts({ name, createdAt, endedAt }: HeldPassword): boolean {
    const { propagation = 0, revokeLag = 0 } = this.#options.delays ?? {};
    if (this.#isGone(name)) return false;
    return endedAt === undefined
      ? name === ADMIN.username || this.#now() >= createdAt + propagation
      : this.#now() < endedAt + revokeLag;
  }

  #namesFor(secretName: string): readonly string[] {
    const start = `svc-${seeded(secretName).slice(0, 10)}`;
    const names = [`${start}-a`, `${start}-b`];
    for (const name of names) this.#secrets.set(name, secretName);
    return names;
  }

  #isGone(name: string): boolean {
    const secretName = this.#secrets.get(name);
    return secretName !== undefined && this.#options.knobs?.gone?.has(secretName) === true;
  }

  #handleOf(one: HeldPassword): string {
    return `${this.host}/users/${one.name}@${markOf(one)}`;
  }

  /** What a stored text says of its user, or else the one that its password belongs to. */
  #stored(text: string): { username: string; password: string } {
    const stored: unknown = text.startsWith('{') ? JSON.parse(text) : {};
    const field = (name: string): string | undefined => {
      const found: unknown =
        typeof stored === 'object' && stored !== null
          ? Object.entries(stored).find(([key]) => key === name)?.[1]
          : undefined;
      return typeof found === 'string' ? found : undefined;
    };
    const password = field('password') ?? text;
    const owner = this.#users.present().find((one) => this.#users.valueOf(one) === password);
    return { username: field('username') ?? owner?.name ?? 'unknown', password };
  }

  #now(): Instant {
    return issuerTime(this.#options.clock, this.#options.knobs ?? {});
  }
}

const CHALLENGE = { 'www-authenticate': 'Basic realm="RabbitMQ Management"' };
/** The tags that open the HTTP API. Source: rabbitmq.com, "Management Plugin", "Permissions". */
const MANAGING: readonly string[] = ['administrator', 'monitoring', 'policymaker', 'management'];

function refused(error: string, reason: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error, reason }, { status: 401, headers });
}
