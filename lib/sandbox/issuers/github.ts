import * as z from 'zod';
import { SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { bearerOf, bodyOf, iso } from './forms.ts';
import { dated, issuerTime, type IssuerKnobs } from './knobs.ts';
import { MintingAccounts } from './minting-accounts.ts';
import { randomText } from './random-text.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

/** What a person chooses when they create a token. */
export interface ChosenToken {
  /** Of a classic token; without them it is a fine-grained one. */
  readonly scopes?: readonly string[];
  readonly expiresAt?: Instant;
}

interface Token extends ChosenToken {
  readonly value: string;
  readonly user: number;
  readonly createdAt: Instant;
  revokedAt: Instant | undefined;
}

interface Options {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
}

const Revoked = z.object({ credentials: z.array(z.string()).min(1).max(1000) });
/** Without a credential so many requests an hour ("Rate limits for the REST API"). */
const PER_HOUR = 60;

/**
 * Personal access tokens of GitHub, which people create. Source: github/rest-api-description, GET /user, GET
 * /rate_limit and POST /credentials/revoke; the headers: docs.github.com, "Scopes for OAuth apps", and
 * google/go-github, TestParseTokenExpiration; the words of a refusal:
 * docs.github.com, "Troubleshooting the REST API".
 */
export class GithubTokensSimulator implements Issuer {
  readonly provider = 'github';
  readonly host: string;
  readonly #clock: Clock;
  readonly #delays: IssuerDelays;
  readonly #knobs: IssuerKnobs;
  readonly #random = randomText(7);
  readonly #accounts: MintingAccounts;
  readonly #tokens: Token[] = [];
  readonly #log: IssuerLogEntry[] = [];

  constructor({ clock, host, delays = {}, knobs = {} }: Options) {
    this.host = host ?? 'github.keyturn.test';
    this.#clock = clock;
    this.#delays = delays;
    this.#knobs = knobs;
    this.#accounts = new MintingAccounts((number) => String(583230 + number), knobs);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, userId: this.#userOf(secret) }));
    return JSON.stringify({ url: `https://${this.host}`, grants });
  }

  /** A person creates a token for the account of a secret; resolves to its value, which is shown once. */
  create(secretName: string, chosen: ChosenToken = {}): string {
    const value =
      chosen.scopes === undefined
        ? `github_pat_${this.#random(22)}_${this.#random(59)}`
        : `ghp_${this.#random(36)}`;
    const user = this.#userOf(secretName);
    this.#tokens.push({ ...chosen, value, user, createdAt: this.#now(), revokedAt: undefined });
    return value;
  }

  async fetch(request: Request): Promise<Response> {
    const answered = this.#knobs.gateway?.(request);
    const value = bearerOf(request);
    const response = answered ?? (await this.#answer(request, value));
    this.#log.push({
      at: this.#now(),
      operation: `${request.method} ${new URL(request.url).pathname}`,
      status: response.status,
      handle: answered ? undefined : this.#handleOf(this.#tokens.find((one) => one.value === value)),
      agent: request.headers.get('user-agent') ?? '',
    });
    return answered ?? dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    const text = secretText.trim();
    const value = text.startsWith('{') ? String(JSON.parse(text)['token']) : text;
    return new Request(`https://${this.host}/user`, {
      headers: { authorization: `Bearer ${value}`, 'user-agent': agent },
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const user = this.#userOf(secretName);
    return this.#tokens
      .filter((one) => one.user === user)
      .map((one) => ({
        handle: this.#handleOf(one) ?? '',
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
    return JSON.stringify({ token: this.create(secretName) });
  }

  async revokeByHand(handle: string): Promise<void> {
    const one = this.#tokens.find((candidate) => this.#handleOf(candidate) === handle);
    if (!one) throw new Error(`There is no credential ${handle}.`);
    one.revokedAt ??= this.#now();
  }

  async close(): Promise<void> {}

  async #answer(request: Request, value: string | undefined): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/rate_limit' && value === undefined)
      return Response.json({
        resources: { core: { limit: PER_HOUR, remaining: PER_HOUR, reset: 0, used: 0 } },
      });
    if (pathname === '/credentials/revoke' && request.method === 'POST') return this.#revoke(request, value);
    const token = this.#tokens.find((one) => one.value === value && this.#isAccepted(one));
    if (!token) return refused(401, 'Bad credentials');
    if (pathname !== '/user') return refused(404, 'Not Found');
    return Response.json(
      { login: `robot-${token.user}`, id: token.user, node_id: 'MDQ6VXNlcjE=', type: 'User' },
      { headers: headersOf(token) },
    );
  }

  async #revoke(request: Request, value: string | undefined): Promise<Response> {
    if (value !== undefined) return refused(403, 'This endpoint takes no authenticated requests.');
    const body = Revoked.safeParse(await bodyOf(request));
    if (!body.success) return refused(422, 'Validation Failed');
    for (const one of this.#tokens)
      if (body.data.credentials.includes(one.value)) one.revokedAt ??= this.#now();
    return Response.json({}, { status: 202 });
  }

  #isAccepted({ createdAt, revokedAt = Infinity, expiresAt = Infinity }: Token): boolean {
    const { propagation = 0, revokeLag = 0 } = this.#delays;
    const now = this.#now();
    return now >= createdAt + propagation && now < revokedAt + revokeLag && now < expiresAt;
  }

  #userOf(secretName: string): number {
    return Number(this.#accounts.of(secretName));
  }

  #handleOf(token: Token | undefined): string | undefined {
    return token && `${this.host}/users/${token.user}/tokens/${this.#tokens.indexOf(token) + 1}`;
  }

  #now(): Instant {
    return issuerTime(this.#clock, this.#knobs);
  }
}

/** A fine-grained token has no scopes; one that never expires has no date. */
function headersOf({ scopes, expiresAt }: Token): Record<string, string> {
  return {
    ...(scopes && { 'x-oauth-scopes': scopes.join(', ') }),
    ...(expiresAt !== undefined && { 'github-authentication-token-expiration': shown(expiresAt) }),
  };
}

/** `2026-10-12 09:00:00 UTC` */
function shown(at: Instant): string {
  return iso(Math.floor(at / SECOND) * SECOND)
    .replace('T', ' ')
    .replace('.000Z', ' UTC');
}

function refused(status: number, message: string): Response {
  return Response.json(
    { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
    { status },
  );
}
