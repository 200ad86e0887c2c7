/** A simulated Redis, as far as users and their passwords go, behind its transport. */
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { dated, isListed, issuerTime, type IssuerKnobs } from './knobs.ts';
import { replyTo, WRONG_PASSWORD, type Reply, type Server } from './redis-commands.ts';
import { AclUsers, hashed, markOf, type HeldPassword } from './redis-users.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

const ADMIN = { username: 'keyturn', password: 'sandbox-redis-administrator' };

/** What it is made with. */
interface Options {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
  /** It keeps its users nowhere. */
  readonly hasNoAclFile?: true;
}

/** A server with an ACL. Each secret has a user of its own, which is there without a password. */
export class RedisSimulator implements Issuer {
  readonly provider = 'redis';
  readonly host: string;
  readonly users = new AclUsers(() => this.#now());
  readonly #options: Options;
  readonly #secrets = new Map<string, string>();
  readonly #log: IssuerLogEntry[] = [];
  #serial = 0;

  constructor(options: Options) {
    this.#options = options;
    this.host = options.host ?? 'redis.keyturn.test:6379';
    this.users.addPassword(ADMIN.username, ADMIN.password);
    this.users.save();
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, user: this.userFor(secret) }));
    const port = this.host.includes(':') ? '' : ':443';
    return JSON.stringify({ url: `rediss://${this.host}${port}`, ...ADMIN, grants });
  }

  async fetch(request: Request): Promise<Response> {
    const foreign = this.#options.knobs?.gateway?.(request);
    const [user = '', ...password] = Buffer.from(
      (request.headers.get('authorization') ?? '').replace(/^Basic /, ''),
      'base64',
    )
      .toString()
      .split(':');
    const commands: readonly (readonly string[])[] = JSON.parse(await request.text());
    const held = this.users.tried(user, password.join(':'));
    const response = foreign ?? this.#answer(user, held, commands);
    this.#log.push({
      at: this.#now(),
      operation: ['AUTH', ...commands.map((command) => command.slice(0, 2).join(' '))].join(', '),
      status: response.status,
      handle: held && this.#handleOf(held),
      agent: request.headers.get('user-agent') ?? '',
    });
    return foreign ?? dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    const stored: unknown = secretText.startsWith('{') ? JSON.parse(secretText) : {};
    const password = textIn(stored, 'password') ?? secretText;
    const owner = this.users.all().find((one) => this.users.valueOf(one) === password)?.user;
    const user = textIn(stored, 'username') ?? owner ?? 'unknown';
    return new Request(`https://${this.host}/auth`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
        'user-agent': agent,
      },
      body: JSON.stringify([['PING']]),
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const user = this.userFor(secretName);
    const { isOn } = this.users.account(user);
    return this.users.of(user).map((one) => {
      const isThere = one.endedAt === undefined && !this.#isGone(user);
      return {
        handle: this.#handleOf(one),
        value: this.users.valueOf(one) ?? `unknown-${markOf(one)}`,
        name: undefined,
        createdAt: one.createdAt,
        live: isThere && isOn,
        disabled: isThere && !isOn,
      };
    });
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const username = this.userFor(secretName);
    const password = hashed(`by hand ${this.#serial++}`).slice(0, 43);
    this.users.addPassword(username, password);
    return JSON.stringify({ username, password });
  }

  async revokeByHand(handle: string): Promise<void> {
    for (const one of this.users.all())
      if (one.endedAt === undefined && this.#handleOf(one) === handle) this.users.remove(one.user, one.hash);
  }

  async close(): Promise<void> {}

  /** The user of a secret. */
  userFor(secretName: string): string {
    const name = `svc-${hashed(secretName).slice(0, 10)}`;
    this.users.account(name);
    this.#secrets.set(name, secretName);
    return name;
  }

  #answer(user: string, held: HeldPassword | undefined, commands: readonly (readonly string[])[]): Response {
    if (!this.#accepts(user, held)) return answered([{ error: WRONG_PASSWORD }]);
    return answered(commands.map((command) => replyTo(command, user, this.#server())));
  }

  #server(): Server {
    return {
      users: this.users,
      hasAclFile: this.#options.hasNoAclFile !== true,
      isAdmin: (user) => user === ADMIN.username,
      isThere: (user) => this.users.has(user) && !this.#isGone(user),
      isListed: (one) =>
        isListed(
          { handle: this.#handleOf(one), createdAt: one.createdAt },
          this.#options.knobs ?? {},
          this.#now(),
        ),
    };
  }

  #accepts(user: string, held: HeldPassword | undefined): boolean {
    const { propagation = 0, revokeLag = 0 } = this.#options.delays ?? {};
    if (!this.users.has(user) || this.#isGone(user) || !this.users.account(user).isOn) return false;
    if (this.users.account(user).isOpen) return true;
    if (!held) return false;
    return held.endedAt === undefined
      ? user === ADMIN.username || this.#now() >= held.createdAt + propagation
      : this.#now() < held.endedAt + revokeLag;
  }

  #isGone(user: string): boolean {
    const secretName = this.#secrets.get(user);
    return secretName !== undefined && this.#options.knobs?.gone?.has(secretName) === true;
  }

  #handleOf(one: HeldPassword): string {
    return `${this.host}/users/${one.user}/passwords/${markOf(one)}`;
  }

  #now(): Instant {
    return issuerTime(this.#options.clock, this.#options.knobs ?? {});
  }
}

/** The status is that of the first error, as the transport says. */
function answered(replies: readonly Reply[]): Response {
  const failure = replies.find((reply) => typeof reply === 'object' && reply !== null && 'error' in reply);
  const error = textIn(failure, 'error');
  return Response.json({ replies }, { status: error === undefined ? 200 : statusOf(error) });
}

function statusOf(error: string): number {
  if (error.startsWith('WRONGPASS')) return 401;
  return error.startsWith('NOPERM') ? 403 : 400;
}

function textIn(stored: unknown, name: string): string | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  const found: unknown = Object.entries(stored).find(([key]) => key === name)?.[1];
  return typeof found === 'string' ? found : undefined;
}
