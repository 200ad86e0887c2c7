import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { bodyOf } from './forms.ts';
import { dated, issuerTime, type IssuerKnobs } from './knobs.ts';
import { MintingAccounts } from './minting-accounts.ts';
import { randomText } from './random-text.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

/** The value of an account, of which the last one counts. */
export interface SlotValue {
  readonly value: string;
  readonly createdAt: Instant;
  endedAt: Instant | undefined;
}

/** A request, read. `of`: the account whose value it brings, where that is accepted. */
export interface SlotCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
  readonly caller: 'admin' | 'unauthenticated' | { readonly of: string };
  /** Whether there is such an account. */
  has(account: string): boolean;
  /** What the account has now. */
  current(account: string): SlotValue | undefined;
  /** Makes its next value, which ends the one before. */
  replace(account: string): SlotValue;
}

/** What sets one issuer whose accounts have one slot apart from others. Each rule has its source. */
export interface OneSlotRules {
  readonly provider: string;
  readonly host: string;
  /** The n-th account, from 1, as in handles. */
  account(index: number): string;
  readonly adminToken: string;
  /** A grant's fields beside `secret`. */
  grant(account: string): Readonly<Record<string, unknown>>;
  value(random: (length: number) => string): string;
  /** The credential that a request brings. */
  presented(request: Request, body: unknown): string | undefined;
  /** What a consumer sends. */
  use(host: string, value: string, account: string): Request;
  answer(call: SlotCall): Response;
}

export interface OneSlotOptions {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
}

/** An issuer whose accounts have one slot each, as its rules say; values stand in the field `token`. */
export class OneSlotSimulator implements Issuer {
  readonly provider: string;
  readonly host: string;
  readonly #rules: OneSlotRules;
  readonly #clock: Clock;
  readonly #delays: IssuerDelays;
  readonly #knobs: IssuerKnobs;
  readonly #random = randomText(17);
  readonly #accounts: MintingAccounts;
  readonly #values = new Map<string, SlotValue[]>();
  readonly #log: IssuerLogEntry[] = [];

  constructor(rules: OneSlotRules, { clock, host, delays = {}, knobs = {} }: OneSlotOptions) {
    this.#rules = rules;
    this.provider = rules.provider;
    this.host = host ?? rules.host;
    this.#clock = clock;
    this.#delays = delays;
    this.#knobs = knobs;
    this.#accounts = new MintingAccounts((number) => rules.account(number), knobs);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, ...this.#rules.grant(this.#accountOf(secret)) }));
    return JSON.stringify({ url: `https://${this.host}`, token: this.#rules.adminToken, grants });
  }

  async fetch(request: Request): Promise<Response> {
    const gateway = this.#knobs.gateway?.(request);
    const body = await bodyOf(request);
    const presented = this.#rules.presented(request, body);
    const { method, headers, url } = request;
    const { pathname: path } = new URL(url);
    const known = this.#accepted(presented);
    const caller = presented === this.#rules.adminToken ? 'admin' : (known ?? 'unauthenticated');
    const response =
      gateway ??
      this.#rules.answer({
        method,
        path,
        headers,
        body,
        caller,
        has: (account) => this.#accounts.has(account),
        current: (account) => this.#of(account).at(-1),
        replace: (account) => this.#replace(account),
      });
    this.#log.push({
      at: this.#now(),
      operation: `${method} ${path}`,
      status: response.status,
      handle: gateway ? undefined : known && this.#handle(known.of, known.index),
      agent: headers.get('user-agent') ?? '',
    });
    return gateway ?? dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    const text = secretText.trim();
    const value = text.startsWith('{') ? String(JSON.parse(text)['token']) : text;
    const account = [...this.#values].find(([, values]) => values.some((one) => one.value === value))?.[0];
    const request = this.#rules.use(this.host, value, account ?? this.#rules.account(1));
    request.headers.set('user-agent', agent);
    return request;
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const account = this.#accountOf(secretName);
    return this.#of(account).map((one, index) => ({
      handle: this.#handle(account, index),
      value: one.value,
      name: undefined,
      createdAt: one.createdAt,
      live: one.endedAt === undefined && this.#accounts.has(account),
    }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  /** There is one value: who makes one ends the one before. */
  async createByHand(secretName: string): Promise<string> {
    return JSON.stringify({ token: this.#replace(this.#accountOf(secretName)).value });
  }

  /** By making another one, which nobody keeps. */
  async revokeByHand(handle: string): Promise<void> {
    for (const [account, { length }] of this.#values)
      if (this.#handle(account, length - 1) === handle) this.#replace(account);
  }

  async close(): Promise<void> {}

  #accepted(value: string | undefined): { readonly of: string; readonly index: number } | undefined {
    const now = this.#now();
    const { propagation = 0, revokeLag = 0 } = this.#delays;
    for (const [account, values] of this.#values) {
      const index = values.findIndex(
        (one) =>
          one.value === value &&
          now >= one.createdAt + propagation &&
          now < (one.endedAt ?? Infinity) + revokeLag,
      );
      if (index !== -1 && this.#accounts.has(account)) return { of: account, index };
    }
    return undefined;
  }

  #replace(account: string): SlotValue {
    const at = this.#now();
    const values = this.#of(account);
    for (const one of values) one.endedAt ??= at;
    const made = { value: this.#rules.value(this.#random), createdAt: at, endedAt: undefined };
    values.push(made);
    return made;
  }

  #of(account: string): SlotValue[] {
    const known = this.#values.get(account) ?? [];
    this.#values.set(account, known);
    return known;
  }

  /** An account has its first value from its beginning. */
  #accountOf(secretName: string): string {
    const account = this.#accounts.of(secretName);
    if (this.#of(account).length === 0) this.#replace(account);
    return account;
  }

  #handle(account: string, index: number): string {
    return `${this.host}/${account}/values/${index + 1}`;
  }

  #now(): Instant {
    return issuerTime(this.#clock, this.#knobs);
  }
}
