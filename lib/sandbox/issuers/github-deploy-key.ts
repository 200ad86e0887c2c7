/** A simulated GitHub, as far as deploy keys of repositories go. */
import { createPrivateKey, sign, verify, createPublicKey } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../../functions/core/basics/json.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { lineOf, modulusOf, numbersOf, type RsaNumbers } from './client-assertions.ts';
import { DeployKeys, manageKeys, type DeployKey } from './github-deploy-keys.ts';
import { APP_ID, INSTALLATION_ID, Installation, appKey, failed } from './github-installation.ts';
import { dated, isListed, issuerTime, type IssuerKnobs } from './knobs.ts';
import { pemOf, rsaKeysFor } from './rsa-keys.ts';
import type { IssuedCredential, Issuer, IssuerDelays, IssuerLogEntry } from './simulator.ts';
import { numbersInSsh, sshOf } from './ssh-keys.ts';

/** What it is made with. */
interface Options {
  readonly clock: Clock;
  readonly host?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
}

/** What a consumer signs here. */
const SIGNED = Buffer.from('a login by SSH');
const Login = z.object({ key: z.string(), signature: z.string() });

/**
 * Deploy keys. Source: github/rest-api-description. Consumers use them by SSH: in its place stands here a
 * request to a host of its own, with a signature by their key.
 */
export class GithubDeployKeySimulator implements Issuer {
  readonly provider = 'github-deploy-key';
  readonly host: string;
  readonly otherHosts: readonly string[];
  readonly keys: DeployKeys;
  readonly #options: Options;
  readonly #knobs: IssuerKnobs;
  readonly #log: IssuerLogEntry[] = [];
  readonly #installation = new Installation();
  /** GitHub knows no private key: lines of those that a consumer or a person here had, by their modulus. */
  readonly #seen = new Map<string, string>();
  /** Those that people create. */
  readonly #pairs = rsaKeysFor('github-deploy-key');

  constructor(options: Options) {
    this.#options = options;
    this.#knobs = options.knobs ?? {};
    this.host = options.host ?? 'github-deploy-key.keyturn.test';
    this.otherHosts = [`ssh.${this.host}`];
    this.keys = new DeployKeys((secretName) => this.#isGone(secretName));
  }

  adminSecret(secretNames: readonly string[]): string {
    return JSON.stringify({
      url: `https://${this.host}`,
      appId: APP_ID,
      installationId: INSTALLATION_ID,
      private_key_base64: appKey(),
      grants: secretNames.map((secret) => ({
        secret,
        repository: this.keys.repositoryOf(secret),
        readOnly: true,
      })),
    });
  }

  async fetch(request: Request): Promise<Response> {
    const foreign = this.#knobs.gateway?.(request);
    if (foreign) {
      this.#note(request, foreign.status, undefined);
      return foreign;
    }
    const text = await request.clone().text();
    if (new URL(request.url).host !== this.host) return this.#ssh(request, text);
    const response = this.#api(request, text);
    this.#note(request, response.status, undefined);
    return dated(response, this.#now());
  }

  consume(secretText: string, agent: string): Request {
    const stored: unknown = secretText.startsWith('{') ? JSON.parse(secretText) : {};
    const pem = z.object({ private_key: z.string() }).safeParse(stored).data?.private_key ?? secretText;
    const numbers = numbersOf(pem);
    if (numbers) this.#see(numbers, pem);
    const signature = numbers && sign('sha256', SIGNED, createPrivateKey(pem)).toString('base64');
    return new Request(`https://ssh.${this.host}/`, {
      method: 'POST',
      headers: { 'user-agent': agent, 'content-type': 'application/json' },
      body: JSON.stringify({ key: numbers ? sshOf(numbers) : '', signature: signature ?? '' }),
    });
  }

  async credentials(secretName: string): Promise<readonly IssuedCredential[]> {
    const repository = this.keys.repositoryOf(secretName);
    return this.keys.all
      .filter((key) => key.repository === repository)
      .map((key) => ({
        handle: this.#handleOf(key),
        value: this.#seen.get(key.modulus) ?? `unknown-${key.id}`,
        name: undefined,
        createdAt: key.createdAt,
        live: key.revokedAt === undefined && !this.#isGone(secretName),
      }));
  }

  log(): readonly IssuerLogEntry[] {
    return this.#log;
  }

  async createByHand(secretName: string): Promise<string> {
    const pem = pemOf(this.#pairs());
    const numbers = numbersOf(pem);
    const repository = this.keys.repositoryOf(secretName);
    const wanted = { repository, title: 'made by hand', readOnly: true };
    if (!numbers || !this.keys.add({ ...wanted, key: sshOf(numbers) }, this.#now()))
      throw new Error('a new key is none');
    this.#see(numbers, pem);
    return JSON.stringify({ private_key: pem });
  }

  async revokeByHand(handle: string): Promise<void> {
    const key = this.keys.all.find((one) => this.#handleOf(one) === handle);
    if (!key) throw new Error(`There is no credential ${handle}.`);
    key.revokedAt ??= this.#now();
  }

  async close(): Promise<void> {}

  #api(request: Request, text: string): Response {
    const now = this.#now();
    const has = (repository: string): boolean => this.keys.find(repository) !== undefined;
    const login = this.#installation.login(request, text, { now, has });
    if (login) return login;
    const { pathname } = new URL(request.url);
    const [, asked = '', name = '', id] =
      /^\/repos\/([\w-]+\/([\w.-]+))\/keys(?:\/(\d+))?$/.exec(pathname) ?? [];
    const refusal = this.#installation.refusal(request, name, now);
    if (refusal) return refusal;
    const repository = this.keys.find(asked);
    if (repository === undefined) return failed(404, 'Not Found');
    const isShown = (key: DeployKey): boolean =>
      isListed({ handle: this.#handleOf(key), createdAt: key.createdAt }, this.#knobs, now);
    return manageKeys(request, text, { keys: this.keys, now, repository, id, isListed: isShown });
  }

  #ssh(request: Request, text: string): Response {
    const login = Login.safeParse(parseJson(text)).data;
    const numbers = login && numbersInSsh(login.key);
    const modulus = numbers && modulusOf(numbers);
    const key = this.keys.all.findLast((one) => one.modulus === modulus);
    const isTaken = key && numbers && login && this.#isAccepted(key) && isSigned(numbers, login.signature);
    const status = isTaken ? 200 : 401;
    this.#note(request, status, key && this.#handleOf(key));
    return dated(new Response(null, { status }), this.#now());
  }

  #isAccepted({ createdAt, revokedAt = Infinity, repository }: DeployKey): boolean {
    const { propagation = 0, revokeLag = 0 } = this.#options.delays ?? {};
    const now = this.#now();
    return (
      now >= createdAt + propagation &&
      now < revokedAt + revokeLag &&
      this.keys.find(repository) !== undefined
    );
  }

  #see(numbers: RsaNumbers, pem: string): void {
    this.#seen.set(modulusOf(numbers), lineOf(pem));
  }

  #isGone(secretName: string): boolean {
    return this.#knobs.gone?.has(secretName) === true;
  }

  #handleOf({ id, repository }: DeployKey): string {
    return `${this.host}/repos/${repository.toLowerCase()}/keys/${id}`;
  }

  #now(): Instant {
    return issuerTime(this.#options.clock, this.#knobs);
  }

  #note(request: Request, status: number, handle: string | undefined): void {
    this.#log.push({
      at: this.#now(),
      operation: `${request.method} ${new URL(request.url).pathname}`,
      status,
      handle,
      agent: request.headers.get('user-agent') ?? '',
    });
  }
}

function isSigned({ e, n }: RsaNumbers, signature: string): boolean {
  const key = createPublicKey({ key: { kty: 'RSA', e, n }, format: 'jwk' });
  return verify('sha256', SIGNED, key, Buffer.from(signature, 'base64'));
}
