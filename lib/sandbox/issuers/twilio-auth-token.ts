import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { dated, issuerTime, type IssuerKnobs } from './knobs.ts';
import { pairOf } from './logins.ts';
import { MintingAccounts } from './minting-accounts.ts';
import { randomText } from './random-text.ts';
import { twilioError } from './twilio.ts';
import { TwilioAccount, type AuthToken, type WhenTaken } from './twilio-accounts.ts';
import { UNAUTHENTICATED, UNKNOWN_USER, dates, notFound, shown } from './twilio-answers.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';

export interface TwilioAuthTokenOptions {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
  readonly whenTaken?: WhenTaken;
}

const PLACE = /^\/2010-04-01\/Accounts\/(AC\w{32})\.json$/;

/** Who asks: the main API key of an account, or its auth token. */
interface Caller {
  readonly account: TwilioAccount;
  readonly token: AuthToken | undefined;
}

/**
 * A Twilio as far as auth tokens of main accounts go. Each has a main API key of its own. Source:
 * twilio/twilio-oai, twilio_api_v2010.json and twilio_accounts_v1.json; the refusals: twilio.com, "Error
 * 20003" and "REST API: Auth Token".
 */
export class TwilioAuthTokenSimulator implements Issuer {
  readonly provider = 'twilio-auth-token';
  readonly host: string;
  readonly otherHosts: readonly string[];
  readonly #options: TwilioAuthTokenOptions;
  readonly #knobs: IssuerKnobs;
  readonly #random = randomText(23);
  readonly #names: MintingAccounts;
  readonly #accounts = new Map<string, TwilioAccount>();
  readonly #log: IssuerLogEntry[] = [];

  constructor(options: TwilioAuthTokenOptions) {
    const { host = 'api.twilio-auth.keyturn.test', knobs = {} } = options;
    this.host = host;
    this.otherHosts = [host.replace(/^api\./, 'accounts.')];
    this.#options = options;
    this.#knobs = knobs;
    this.#names = new MintingAccounts((number) => `Accounts/AC${String(number).padStart(32, '0')}`, knobs);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => {
      const { sid, key } = this.#accountOf(secret);
      const [user, token] = key.split(':');
      return { secret, account: sid, user, token };
    });
    return JSON.stringify({ url: `https://${this.host}`, grants });
  }

  async fetch(request: Request): Promise<Response> {
    const { method, url, headers } = request;
    const { host, pathname: path } = new URL(url);
    const gateway = this.#knobs.gateway?.(request);
    const presented = pairOf(headers);
    const caller = this.#callerWith(presented);
    const isTokens = host !== this.host || this.otherHosts.includes(this.host);
    const response = gateway ?? this.#answer(caller, presented, { method, path, isTokens });
    this.#log.push({
      at: this.#now(),
      operation: `${method} ${path}`,
      status: response.status,
      handle: gateway || !caller?.token ? undefined : this.#handleOf(caller.account, caller.token),
      agent: headers.get('user-agent') ?? '',
    });
    return gateway ?? dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    const text = secretText.trim();
    const value = text.startsWith('{') ? String(JSON.parse(text)['auth_token']) : text;
    const known = [...this.#accounts.values()].find(({ tokens }) =>
      tokens.some((one) => one.value === value),
    );
    const sid = known?.sid ?? `AC${'0'.repeat(32)}`;
    const authorization = `Basic ${Buffer.from(`${sid}:${value}`).toString('base64')}`;
    const headers = { authorization, 'user-agent': agent };
    return new Request(`https://${this.host}/2010-04-01/Accounts/${sid}.json`, { headers });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const account = this.#accountOf(secretName);
    return account.tokens.map((one) => ({
      handle: this.#handleOf(account, one),
      value: one.value,
      name: undefined,
      createdAt: one.createdAt,
      live: one.endedAt === undefined && !this.#names.isGone(`Accounts/${account.sid}`),
    }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  /** A person looks up the primary token that there is, or makes a secondary one where it is in a secret. */
  async createByHand(secretName: string): Promise<string> {
    const account = this.#accountOf(secretName);
    if (account.isHanded) return JSON.stringify({ auth_token: account.makeSecondary(this.#now()).value });
    account.isHanded = true;
    return JSON.stringify({ auth_token: account.primary.value });
  }

  async revokeByHand(handle: string): Promise<void> {
    for (const account of this.#accounts.values()) {
      if (this.#handleOf(account, account.primary) === handle) account.promote(this.#now());
      else if (account.secondary && this.#handleOf(account, account.secondary) === handle)
        account.endSecondary(this.#now());
    }
  }

  async close(): Promise<void> {}

  #answer(
    caller: Caller | undefined,
    presented: string | undefined,
    { method, path, isTokens }: { method: string; path: string; isTokens: boolean },
  ): Response {
    if (!caller) return presented?.startsWith('SK') ? UNKNOWN_USER() : UNAUTHENTICATED();
    const { account } = caller;
    const [, sid] = PLACE.exec(path) ?? [];
    if (sid !== undefined) return sid === account.sid ? Response.json(shown(account)) : UNAUTHENTICATED();
    if (!isTokens) return notFound(path);
    const operation = `${method} ${path}`;
    if (operation === 'POST /v1/AuthTokens/Secondary') return this.#create(account);
    if (operation === 'POST /v1/AuthTokens/Promote') return this.#promoted(account);
    if (operation !== 'DELETE /v1/AuthTokens/Secondary' || !account.secondary) return notFound(path);
    account.endSecondary(this.#now());
    return new Response(null, { status: 204 });
  }

  #create(account: TwilioAccount): Response {
    const isTaken = account.secondary !== undefined && this.#options.whenTaken === 'refuses';
    // Nobody knows this answer: all that counts is that it is a refusal.
    if (isTaken) return twilioError(400, 20_001, 'There is a secondary auth token');
    const { value } = account.makeSecondary(this.#now());
    return Response.json({ ...dates(account), secondary_auth_token: value }, { status: 201 });
  }

  #promoted(account: TwilioAccount): Response {
    if (!account.secondary) return notFound('/AuthTokens/Promote');
    account.promote(this.#now());
    return Response.json({ ...dates(account), auth_token: account.primary.value });
  }

  #callerWith(presented: string | undefined): Caller | undefined {
    const [user, ...rest] = presented?.split(':') ?? [];
    const password = rest.join(':');
    for (const account of this.#accounts.values()) {
      if (this.#names.isGone(`Accounts/${account.sid}`)) continue;
      if (account.key === presented) return { account, token: undefined };
      const token = account.tokens.find((one) => one.value === password && this.#isAccepted(one));
      if (user === account.sid && token) return { account, token };
    }
    return undefined;
  }

  #isAccepted({ createdAt, endedAt = Infinity }: AuthToken): boolean {
    const { propagation = 0, revokeLag = 0 } = this.#options.delays ?? {};
    const now = this.#now();
    return now >= createdAt + propagation && now < endedAt + revokeLag;
  }

  #accountOf(secretName: string): TwilioAccount {
    const sid = this.#names.of(secretName).slice('Accounts/'.length);
    const known = this.#accounts.get(sid);
    if (known) return known;
    const key = `SK${hex(this.#random(16))}:${this.#random(32)}`;
    const account = new TwilioAccount(sid, key, () => this.#token());
    this.#accounts.set(sid, account);
    return account;
  }

  #token(): AuthToken {
    return { value: hex(this.#random(16)), createdAt: this.#now(), endedAt: undefined };
  }

  #handleOf({ sid, tokens }: TwilioAccount, token: AuthToken): string {
    return `${this.host}/Accounts/${sid}/tokens/${tokens.indexOf(token) + 1}`;
  }

  #now(): Instant {
    return issuerTime(this.#options.clock, this.#knobs);
  }
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}
