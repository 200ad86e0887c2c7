import * as z from 'zod';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { answerOwn, failed, shown, type Key } from './anthropic-answers.ts';
import { bodyOf } from './forms.ts';
import { dated, issuerTime, type IssuerKnobs } from './knobs.ts';
import { randomText } from './random-text.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

interface Options {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
  readonly organization?: string;
}

const KEYS = '/v1/organizations/api_keys';
const Update = z.strictObject({ status: z.enum(['active', 'inactive', 'archived']) });
const Listing = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(20),
  after_id: z.string().optional(),
});

/**
 * API keys of an Anthropic organization, which people create. Source: platform.claude.com, "Admin API"; the
 * words of a refusal are from answers of api.anthropic.com, as users report them.
 */
export class AnthropicSimulator implements Issuer {
  readonly provider = 'anthropic';
  readonly host: string;
  readonly #clock: Clock;
  readonly #delays: IssuerDelays;
  readonly #knobs: IssuerKnobs;
  readonly #random = randomText(11);
  readonly #organization: string;
  readonly #keys: Key[] = [];
  readonly #log: IssuerLogEntry[] = [];
  readonly #admin: string;

  constructor({ clock, host, delays = {}, knobs = {}, organization }: Options) {
    this.host = host ?? 'anthropic.keyturn.test';
    this.#clock = clock;
    this.#delays = delays;
    this.#knobs = knobs;
    this.#admin = `sk-ant-admin01-${this.#random(93)}AA`;
    this.#organization = organization ?? '12345678-1234-4234-8234-123456789012';
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, organization: this.#organization }));
    return JSON.stringify({ url: `https://${this.host}`, token: this.#admin, grants });
  }

  /** A person creates a key for a secret; resolves to its value, which is shown once. */
  create(secretName: string, chosen: { readonly expiresAt?: Instant } = {}): string {
    const value = `sk-ant-api03-${this.#random(93)}AA`;
    this.#keys.push({
      id: `apikey_${this.#random(24)}`,
      value,
      secret: secretName,
      createdAt: this.#now(),
      expiresAt: chosen.expiresAt,
      status: 'active',
      endedAt: undefined,
    });
    return value;
  }

  async fetch(request: Request): Promise<Response> {
    const answered = this.#knobs.gateway?.(request);
    const value = request.headers.get('x-api-key') ?? undefined;
    const key = this.#keys.find((one) => one.value === value);
    const response = answered ?? (await this.#answer(request, value));
    this.#log.push({
      at: this.#now(),
      operation: `${request.method} ${new URL(request.url).pathname}`,
      status: response.status,
      handle: answered || !key ? undefined : this.#handleOf(key),
      agent: request.headers.get('user-agent') ?? '',
    });
    return answered ?? dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    const text = secretText.trim();
    const value = text.startsWith('{') ? String(JSON.parse(text)['api_key']) : text;
    return new Request(`https://${this.host}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': value, 'anthropic-version': '2023-06-01', 'user-agent': agent },
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    return this.#keys
      .filter((one) => one.secret === secretName)
      .map((one) => ({
        handle: this.#handleOf(one),
        value: one.value,
        name: undefined,
        createdAt: one.createdAt,
        live: one.status === 'active' && this.#now() < (one.expiresAt ?? Infinity),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    return JSON.stringify({ api_key: this.create(secretName) });
  }

  async revokeByHand(handle: string): Promise<void> {
    const one = this.#keys.find((candidate) => this.#handleOf(candidate) === handle);
    if (!one) throw new Error(`There is no credential ${handle}.`);
    this.#set(one, 'archived');
  }

  async close(): Promise<void> {}

  async #answer(request: Request, value: string | undefined): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const own = this.#keys.find((one) => one.value === value && this.#isAccepted(one));
    if (!own && value !== this.#admin) return failed(401, 'authentication_error', 'invalid x-api-key');
    if (request.headers.get('anthropic-version') === null)
      return failed(400, 'invalid_request_error', 'anthropic-version: header is required');
    if (own) return answerOwn(pathname, this.#organization);
    if (pathname === '/v1/organizations/me')
      return Response.json({ id: this.#organization, name: 'Acme', type: 'organization' });
    if (pathname === KEYS) return this.#list(searchParams);
    const found = this.#keys.find(({ id }) => pathname === `${KEYS}/${id}`);
    if (!found || request.method !== 'POST') return failed(404, 'not_found_error', 'Not found');
    const asked = Update.safeParse(await bodyOf(request));
    if (!asked.success) return failed(400, 'invalid_request_error', 'status: Invalid value');
    this.#set(found, asked.data.status);
    return Response.json(shown(found, this.#now()));
  }

  #list(query: URLSearchParams): Response {
    const asked = Listing.safeParse(Object.fromEntries(query));
    if (!asked.success) return failed(400, 'invalid_request_error', 'limit: Invalid value');
    const { limit, after_id: after } = asked.data;
    const start = after === undefined ? 0 : this.#keys.findIndex(({ id }) => id === after) + 1;
    const page = this.#keys.slice(start, start + limit);
    return Response.json({
      data: page.map((one) => shown(one, this.#now())),
      first_id: page.at(0)?.id ?? null,
      last_id: page.at(-1)?.id ?? null,
      has_more: start + page.length < this.#keys.length,
    });
  }

  #set(key: Key, status: Key['status']): void {
    if (key.status === 'active' && status !== 'active') key.endedAt = this.#now();
    key.status = status;
  }

  #isAccepted({ createdAt, status, endedAt = Infinity, expiresAt = Infinity }: Key): boolean {
    const { propagation = 0, revokeLag = 0 } = this.#delays;
    const now = this.#now();
    const isOn = status === 'active' || now < endedAt + revokeLag;
    return isOn && now >= createdAt + propagation && now < expiresAt;
  }

  #handleOf({ id }: Key): string {
    return `${this.host}/organizations/${this.#organization}/${id}`;
  }

  #now(): Instant {
    return issuerTime(this.#clock, this.#knobs);
  }
}
