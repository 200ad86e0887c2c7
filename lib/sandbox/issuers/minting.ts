import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { bodyOf, withoutValues } from './forms.ts';
import { dated, isListed, issuerTime, type IssuerKnobs } from './knobs.ts';
import { MintingAccounts } from './minting-accounts.ts';
import type { Caller, Kept, MintingRules, New, Store } from './minting-rules.ts';
import { randomText } from './random-text.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

export interface MintingOptions {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
}

/**
 * An issuer that makes credentials, as its rules say. Everything that is not a rule of its own is the same
 * for all of them.
 */
export class MintingSimulator implements Issuer {
  readonly provider: string;
  readonly host: string;
  readonly otherHosts: readonly string[];
  readonly #rules: MintingRules;
  readonly #clock: Clock;
  readonly #delays: IssuerDelays;
  readonly #knobs: IssuerKnobs;
  readonly #random = randomText(1);
  readonly #admin: string;
  readonly #accounts: MintingAccounts;
  readonly #kept: Kept[] = [];
  readonly #log: IssuerLogEntry[] = [];

  constructor(rules: MintingRules, { clock, host, delays = {}, knobs = {} }: MintingOptions) {
    this.#rules = rules;
    this.provider = rules.provider;
    this.host = host ?? rules.host;
    this.otherHosts = rules.otherHosts?.(this.host) ?? [];
    this.#clock = clock;
    this.#delays = delays;
    this.#knobs = knobs;
    this.#accounts = new MintingAccounts((number) => rules.account(number), knobs);
    this.#admin = rules.value(rules.id(999, this.#random), this.#random);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({
      secret,
      ...this.#rules.grant(this.#accounts.of(secret), this.#admin),
    }));
    return JSON.stringify({ url: `https://${this.host}`, ...this.#rules.admin(this.#admin), grants });
  }

  async fetch(request: Request): Promise<Response> {
    const { host, pathname: path, searchParams: query } = new URL(request.url);
    const foreign = this.#knobs.gateway?.(request);
    const body = await bodyOf(request);
    const caller = this.#caller(this.#rules.presented(request, body));
    const { method, headers } = request;
    const call = { method, headers, host, path, query, body, caller };
    const response = foreign ?? this.#rules.answer({ ...call, now: this.#now(), store: this.#store() });
    if (!foreign && caller.kind === 'credential' && response.status < 400)
      caller.credential.lastUsedAt = this.#now();
    this.#log.push({
      at: this.#now(),
      operation: `${method} ${withoutValues(path, this.#kept)}`,
      status: response.status,
      handle: foreign ? undefined : this.#known(request, body),
      agent: headers.get('user-agent') ?? '',
    });
    return foreign ?? dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    const text = secretText.trim();
    const [field = ''] = Object.keys(this.#rules.stored(''));
    const value = text.startsWith('{') ? String(JSON.parse(text)[field]) : text;
    const { host, path, headers, ...sent } = this.#rules.use(value, this.#now());
    return new Request(`https://${host ?? this.host}${path}`, {
      ...sent,
      headers: { ...headers, 'user-agent': agent },
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const account = this.#accounts.of(secretName);
    return this.#kept
      .filter((one) => one.account === account)
      .map((one) => ({
        handle: this.#handleOf(one),
        value: one.value,
        name: one.name,
        createdAt: one.createdAt,
        live: this.#isLive(one) && !this.#accounts.isGone(account),
        disabled:
          one.disabledAt !== undefined && one.revokedAt === undefined && !this.#accounts.isGone(account),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const { scopes, name } = this.#rules.byHand;
    const made = this.#add(this.#accounts.of(secretName), {
      name: name?.(this.#kept.length + 1) ?? 'made by hand',
      scopes,
      expiresAt: undefined,
    });
    return JSON.stringify(this.#rules.stored(made.value));
  }

  async revokeByHand(handle: string): Promise<void> {
    const one = this.#kept.find((candidate) => this.#handleOf(candidate) === handle);
    if (!one) throw new Error(`There is no credential ${handle}.`);
    one.revokedAt ??= this.#now();
  }

  async close(): Promise<void> {}

  #store(): Store {
    const now = this.#now();
    return {
      all: () => this.#kept.filter((one) => !this.#accounts.isGone(one.account) && this.#isShown(one, now)),
      has: (account) => this.#accounts.has(account),
      of: (account) => this.#kept.filter((one) => one.account === account && this.#isShown(one, now)),
      caller: (value) => this.#caller(value),
      add: (account, one) => this.#add(account, one),
      revoke: (one) => {
        one.revokedAt ??= now;
      },
      disable: (one, isOff) => {
        one.disabledAt = isOff ? (one.disabledAt ?? now) : undefined;
      },
    };
  }

  #add(account: string, { name, scopes, expiresAt }: New): Kept {
    const taken = this.#rules.idsReturn
      ? this.#kept.filter((one) => one.revokedAt === undefined).length
      : this.#kept.length;
    const id = this.#rules.id(taken + 1, this.#random);
    const told = { name: this.#knobs.rename?.(name) ?? name, createdAt: this.#now(), expiresAt };
    const made: Kept = {
      ...told,
      id,
      account,
      value: this.#rules.value(id, this.#random, account, told),
      scopes,
      disabledAt: undefined,
      revokedAt: undefined,
      lastUsedAt: undefined,
    };
    this.#kept.push(made);
    return made;
  }

  #caller(value: string | undefined): Caller {
    if (value === this.#sent(this.#admin)) return { kind: 'admin', value: this.#admin };
    const credential = this.#kept.find((one) => this.#sent(one.value) === value);
    if (!credential || this.#accounts.isGone(credential.account)) return { kind: 'unauthenticated' };
    const { propagation = 0, revokeLag = 0 } = this.#delays;
    const now = this.#now();
    const isYoung = now < credential.createdAt + propagation;
    const isOver =
      now >= (credential.revokedAt ?? Infinity) + revokeLag || now >= (credential.expiresAt ?? Infinity);
    if (isYoung || isOver) return { kind: 'unauthenticated' };
    const isOff = now >= (credential.disabledAt ?? Infinity) + revokeLag;
    return { kind: isOff ? 'disabled' : 'credential', credential };
  }

  #known(request: Request, body: unknown): string | undefined {
    const value = this.#rules.presented(request, body);
    const credential = this.#kept.find((one) => this.#sent(one.value) === value);
    return credential && this.#handleOf(credential);
  }

  #sent(value: string): string {
    return this.#rules.sent?.(value) ?? value;
  }

  #isShown(one: Kept, now: Instant): boolean {
    const { createdAt, revokedAt } = one;
    return revokedAt === undefined && isListed({ handle: this.#handleOf(one), createdAt }, this.#knobs, now);
  }

  #isLive({ disabledAt, revokedAt, expiresAt = Infinity }: Kept): boolean {
    return disabledAt === undefined && revokedAt === undefined && this.#now() < expiresAt;
  }

  #handleOf(one: Kept): string {
    return `${this.host}/${one.account}/${this.#rules.handle(one)}`;
  }

  #now(): Instant {
    return issuerTime(this.#clock, this.#knobs);
  }
}
