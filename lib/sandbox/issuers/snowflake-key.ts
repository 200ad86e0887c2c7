/** A simulated Snowflake account, as far as key pairs of users go. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import type { Instant } from '../../../functions/core/basics/time.ts';
import { lineOf } from './client-assertions.ts';
import { bearerOf, bodyOf } from './forms.ts';
import { dated, isListed, issuerTime, type IssuerKnobs } from './knobs.ts';
import type { MintingOptions } from './minting.ts';
import { MintingAccounts } from './minting-accounts.ts';
import { pemOf, rsaKeysFor } from './rsa-keys.ts';
import type { IssuedCredential, Issuer, IssuerLogEntry } from './simulator.ts';
import { notAllowed, notSigned, whoAnswer } from './snowflake-answers.ts';
import { KeyPairs, type Reserved, type StoredPair } from './snowflake-key-pairs.ts';
import { manageKeyPairs, userIn } from './snowflake-key-statements.ts';
import {
  ACCOUNT,
  ADMIN,
  adminKey,
  fingerprintOf,
  isSignedBy,
  isSignedByAdmin,
  jwtIn,
  keyIn,
  signedAs,
} from './snowflake-keys.ts';

const STATEMENTS = '/api/v2/statements';
const ROLE = 'KEYTURN_ADMIN';
const WHO = 'SELECT CURRENT_USER()';
const TYPE = 'x-snowflake-authorization-token-type';

const Body = z.strictObject({
  statement: z.string(),
  timeout: z.int().nonnegative(),
  role: z.string().optional(),
});
const Stored = z.object({ private_key: z.string() });

/** The envelope: snowflakedb/snowflake-rest-api-specs, specifications/sqlapi.yaml. */
export class SnowflakeKeySimulator implements Issuer {
  readonly provider = 'snowflake-key';
  readonly host: string;
  readonly pairs: KeyPairs;
  readonly accounts: MintingAccounts;
  readonly #options: MintingOptions;
  readonly #knobs: IssuerKnobs;
  readonly #log: IssuerLogEntry[] = [];
  /** Snowflake knows no private key: lines of those that a consumer or a person here had. */
  readonly #seen = new Map<string, string>();
  /** Those that people create. */
  readonly #keys = rsaKeysFor('snowflake-key');

  constructor(options: MintingOptions) {
    this.#options = options;
    this.#knobs = options.knobs ?? {};
    this.host = options.host ?? 'snowflake-keys.keyturn.test';
    this.pairs = new KeyPairs(this.host, () => this.#now());
    this.accounts = new MintingAccounts((number) => `users/SVC_ROBOT_${number}`, this.#knobs);
  }

  adminSecret(secretNames: readonly string[]): string {
    const grants = secretNames.map((secret) => ({ secret, user: userOf(this.accounts.of(secret)) }));
    const admin = { account: ACCOUNT, user: ADMIN, role: ROLE, private_key_base64: adminKey() };
    return JSON.stringify({ url: `https://${this.host}`, ...admin, grants });
  }

  async fetch(request: Request): Promise<Response> {
    const gateway = this.#knobs.gateway?.(request);
    const signer = this.#signer(request);
    const response = gateway ?? dated(await this.#answer(request, signer), this.#now());
    this.#log.push({
      at: this.#now(),
      operation: `${request.method} ${new URL(request.url).pathname}`,
      status: response.status,
      handle: gateway || !signer ? undefined : this.pairs.handleOf(signer),
      agent: request.headers.get('user-agent') ?? '',
    });
    return response;
  }

  consume(secretText: string, agent: string): Request {
    const text = secretText.trim();
    const pem = text.startsWith('{') ? Stored.parse(JSON.parse(text)).private_key : text;
    const own = this.#noted(pem);
    return new Request(`https://${this.host}${STATEMENTS}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${signedAs(own ? userOf(own.account) : 'NOBODY', pem, this.#now())}`,
        [TYPE]: 'KEYPAIR_JWT',
        'content-type': 'application/json',
        'user-agent': agent,
      },
      body: JSON.stringify({ statement: WHO, timeout: 8 }),
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const account = this.accounts.of(secretName);
    const isGone = this.accounts.isGone(account);
    return this.pairs.of(account).map((pair) => ({
      handle: this.pairs.handleOf(pair),
      value: this.#seen.get(pair.fingerprint) ?? `unknown-${pair.fingerprint}`,
      name: pair.name,
      createdAt: pair.createdAt,
      live: pair.removedAt === undefined && pair.disabledAt === undefined && !isGone,
      disabled: pair.removedAt === undefined && pair.disabledAt !== undefined && !isGone,
    }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const account = this.accounts.of(secretName);
    const name = `BY_HAND_${this.pairs.of(account).length + 1}`;
    return this.#byHand((publicKey) => this.pairs.add(account, name, publicKey));
  }

  /** A person sets one of the two properties, whatever stands there. */
  setByHand(secretName: string, name: Reserved): string {
    return this.#byHand((publicKey) => this.pairs.set(this.accounts.of(secretName), name, publicKey));
  }

  async revokeByHand(handle: string): Promise<void> {
    for (const pair of this.pairs.all()) if (this.pairs.handleOf(pair) === handle) this.pairs.remove(pair);
  }

  async close(): Promise<void> {}

  async #answer(request: Request, signer: StoredPair | undefined): Promise<Response> {
    if (new URL(request.url).pathname !== STATEMENTS || request.method !== 'POST')
      return new Response(null, { status: 404 });
    const isAdmin = isSignedByAdmin(bearerOf(request) ?? '', this.#now());
    const isPair = request.headers.get(TYPE) === 'KEYPAIR_JWT';
    if (!isPair || (!isAdmin && !(signer && this.#accepts(signer)))) return notSigned();
    const asked = Body.safeParse(await bodyOf(request));
    if (!asked.success) return new Response(null, { status: 400 });
    const { statement, role } = asked.data;
    if (!isAdmin && signer) signer.lastUsedAt = this.#now();
    if (statement === WHO) return whoAnswer(signer ? userOf(signer.account) : ADMIN, this.#now());
    const user = userIn(statement);
    if (user !== undefined && !(isAdmin && role === ROLE)) return notAllowed(user);
    return manageKeyPairs(statement, {
      pairs: this.pairs,
      accounts: this.accounts,
      isListed: (pair) => this.#isListed(pair),
      now: this.#now(),
    });
  }

  /** The pair of a user whose key signed a request, accepted or not: the last one that had it. */
  #signer(request: Request): StoredPair | undefined {
    const jwt = jwtIn(bearerOf(request) ?? '');
    const pair = this.pairs
      .all()
      .findLast(
        ({ account, fingerprint }) =>
          jwt?.fingerprint === fingerprint && jwt.subject === `${ACCOUNT}.${userOf(account)}`,
      );
    return jwt && pair && isSignedBy(jwt, pair.publicKey, this.#now()) ? pair : undefined;
  }

  #accepts(pair: StoredPair): boolean {
    return this.pairs.accepts(pair, this.#options.delays ?? {}) && this.accounts.has(pair.account);
  }

  #isListed(pair: StoredPair): boolean {
    const { createdAt } = pair;
    return isListed({ handle: this.pairs.handleOf(pair), createdAt }, this.#knobs, this.#now());
  }

  #byHand(make: (publicKey: KeyObject) => StoredPair): string {
    const pem = pemOf(this.#keys());
    make(createPublicKey(pem));
    this.#noted(pem);
    return JSON.stringify({ private_key: pem });
  }

  /** The pair that a private key is of, which is known from now on. */
  #noted(pem: string): StoredPair | undefined {
    const key = keyIn(pem);
    const fingerprint = key && fingerprintOf(createPublicKey(key));
    if (fingerprint !== undefined) this.#seen.set(fingerprint, lineOf(pem));
    return this.pairs.all().findLast((pair) => pair.fingerprint === fingerprint);
  }

  #now(): Instant {
    return issuerTime(this.#options.clock, this.#knobs);
  }
}

function userOf(account: string): string {
  return account.slice('users/'.length);
}
