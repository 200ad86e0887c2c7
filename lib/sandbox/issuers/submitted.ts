import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { bodyOf } from './forms.ts';
import { dated, issuerTime, type IssuerKnobs } from './knobs.ts';
import { MintingAccounts } from './minting-accounts.ts';
import { randomText } from './random-text.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

/** What a person chooses when they create a token. */
export interface ChosenToken {
  readonly scopes?: readonly string[];
  readonly expiresAt?: Instant;
}

/** A token that a person created. */
export interface SubmittedToken extends ChosenToken {
  readonly value: string;
  readonly account: string;
  readonly createdAt: Instant;
  revokedAt: Instant | undefined;
}

/** A request, read. */
export interface SubmittedCall {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  /** The value that it brings, whether it is accepted or not. */
  readonly presented: string | undefined;
  /** The token with that value, whether it is accepted or not. */
  readonly known: SubmittedToken | undefined;
  /** The same, where it is accepted. */
  readonly token: SubmittedToken | undefined;
  readonly revoke: (values: readonly string[]) => void;
  /** The request as it came, and the issuer's time. */
  readonly request: Request;
  readonly now: Instant;
}

/** What sets one issuer whose tokens people create apart from others. Each rule has its source. */
export interface SubmittedRules {
  readonly provider: string;
  readonly host: string;
  /** The field of the secret's JSON in which values stand. */
  readonly field: string;
  /** The n-th account, from 1, as in handles. */
  account(index: number): string;
  /** A grant's fields beside `secret`. */
  grant(account: string): Readonly<Record<string, unknown>>;
  value(random: (length: number) => string, chosen: ChosenToken, account: string): string;
  /** The value that a request brings. */
  presented(request: Request): string | undefined;
  /** What a consumer sends. */
  use(host: string, value: string): Request;
  answer(call: SubmittedCall): Response;
}

/** What every such simulator takes. */
export interface SubmittedOptions {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
}

/** An issuer whose tokens people create, as its rules say. */
export class SubmittedSimulator implements Issuer {
  readonly provider: string;
  readonly host: string;
  readonly #rules: SubmittedRules;
  readonly #clock: Clock;
  readonly #delays: IssuerDelays;
  readonly #knobs: IssuerKnobs;
  readonly #random = randomText(7);
  readonly #accounts: MintingAccounts;
  readonly #tokens: SubmittedToken[] = [];
  readonly #log: IssuerLogEntry[] = [];

  constructor(rules: SubmittedRules, { clock, host, delays = {}, knobs = {} }: SubmittedOptions) {
    this.#rules = rules;
    this.provider = rules.provider;
    this.host = host ?? rules.host;
    this.#clock = clock;
    this.#delays = delays;
    this.#knobs = knobs;
    this.#accounts = new MintingAccounts((number) => rules.account(number), knobs);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({
      secret,
      ...this.#rules.grant(this.#accounts.of(secret)),
    }));
    return JSON.stringify({ url: `https://${this.host}`, grants });
  }

  /** A person creates a token for the account of a secret; resolves to its value, which is shown once. */
  create(secretName: string, chosen: ChosenToken = {}): string {
    const account = this.#accounts.of(secretName);
    const value = this.#rules.value(this.#random, chosen, account);
    this.#tokens.push({ ...chosen, value, account, createdAt: this.#now(), revokedAt: undefined });
    return value;
  }

  async fetch(request: Request): Promise<Response> {
    const { method, url, headers } = request;
    const { pathname: path } = new URL(url);
    const gateway = this.#knobs.gateway?.(request);
    const presented = this.#rules.presented(request);
    const known = this.#tokens.find((one) => one.value === presented);
    const token = known && this.#isAccepted(known) ? known : undefined;
    const revoke = (values: readonly string[]): void => this.#revoke(values);
    const response =
      gateway ??
      this.#rules.answer({
        method,
        path,
        body: await bodyOf(request),
        presented,
        known,
        token,
        revoke,
        request,
        now: this.#now(),
      });
    this.#log.push({
      at: this.#now(),
      operation: `${method} ${path}`,
      status: response.status,
      handle: gateway || !known ? undefined : this.#handleOf(known),
      agent: headers.get('user-agent') ?? '',
    });
    return gateway ?? dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    const text = secretText.trim();
    const value = text.startsWith('{') ? String(JSON.parse(text)[this.#rules.field]) : text;
    const request = this.#rules.use(this.host, value);
    request.headers.set('user-agent', agent);
    return request;
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const account = this.#accounts.of(secretName);
    return this.#tokens
      .filter((one) => one.account === account)
      .map((one) => ({
        handle: this.#handleOf(one),
        value: one.value,
        name: undefined,
        createdAt: one.createdAt,
        live: one.revokedAt === undefined && this.#now() < (one.expiresAt ?? Infinity),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    return JSON.stringify({ [this.#rules.field]: this.create(secretName) });
  }

  async revokeByHand(handle: string): Promise<void> {
    const one = this.#tokens.find((candidate) => this.#handleOf(candidate) === handle);
    if (!one) throw new Error(`There is no credential ${handle}.`);
    this.#revoke([one.value]);
  }

  async close(): Promise<void> {}

  #revoke(values: readonly string[]): void {
    for (const one of this.#tokens) if (values.includes(one.value)) one.revokedAt ??= this.#now();
  }

  #isAccepted({ createdAt, revokedAt = Infinity, expiresAt = Infinity }: SubmittedToken): boolean {
    const { propagation = 0, revokeLag = 0 } = this.#delays;
    const now = this.#now();
    return now >= createdAt + propagation && now < revokedAt + revokeLag && now < expiresAt;
  }

  #handleOf(token: SubmittedToken): string {
    return `${this.host}/${token.account}/tokens/${this.#tokens.indexOf(token) + 1}`;
  }

  #now(): Instant {
    return issuerTime(this.#clock, this.#knobs);
  }
}
