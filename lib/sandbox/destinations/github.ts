import sodium, { ready } from 'libsodium-wrappers';
import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { Simulated, answer, bodyOf, type Destination } from './destination.ts';

const Sealed = z.object({ encrypted_value: z.base64(), key_id: z.string() });

interface Stored {
  readonly value: string;
  readonly updatedAt: number;
}

/**
 * The Actions secrets of github.com. Source: docs.github.com, REST API, "GitHub Actions Secrets" and
 * "Encrypting secrets for the REST API": values are sealed for the repository's public key and can never be
 * read back; PUT answers 201 for a new secret and 204 for one that was there.
 */
export class GithubSimulator extends Simulated implements Destination {
  readonly kind = 'github';
  readonly host = 'api.github.com';
  readonly target: string;
  readonly token = 'github_pat_sandbox0123456789';
  readonly #clock: Clock;
  readonly #repository: string;
  readonly #stored = new Map<string, Stored>();
  readonly #keys: Promise<{ readonly publicKey: Uint8Array; readonly privateKey: Uint8Array }>;

  constructor(clock: Clock, target = 'acme/billing:DEPLOY_TOKEN') {
    super();
    this.#clock = clock;
    this.target = target;
    const [place = ''] = target.split(':');
    const [owner, repo, environment] = place.split('/');
    this.#repository =
      `/repos/${owner}/${repo}${environment === undefined ? '/actions' : `/environments/${environment}`}/` +
      'secrets';
    this.#keys = ready.then(() => sodium.crypto_box_keypair());
  }

  deliverySecret(grants: readonly { secret: string; target: string }[]): string {
    return JSON.stringify({ destinations: [{ token: this.token, grants }] });
  }

  async held(): Promise<string | undefined> {
    return this.#stored.get(this.target.split(':')[1] ?? '')?.value;
  }

  protected async answer(request: Request): Promise<Response> {
    const date = { date: new Date(this.#clock.now()).toUTCString() };
    if (request.headers.get('authorization') !== `Bearer ${this.token}`)
      return answer(401, { message: 'Bad credentials', status: '401' }, date);
    const path = new URL(request.url).pathname;
    if (!path.startsWith(`${this.#repository}/`))
      return answer(404, { message: 'Not Found', status: '404' }, date);
    const name = path.slice(this.#repository.length + 1);
    const { publicKey } = await this.#keys;
    const id = Buffer.from(publicKey).toString('hex').slice(0, 18);
    if (name === 'public-key')
      return answer(200, { key_id: id, key: Buffer.from(publicKey).toString('base64') }, date);
    if (request.method === 'PUT') return this.#put(name, id, await bodyOf(request, Sealed), date);
    const stored = this.#stored.get(name);
    return stored
      ? answer(200, { name, created_at: shown(stored.updatedAt), updated_at: shown(stored.updatedAt) }, date)
      : answer(404, { message: 'Not Found', status: '404' }, date);
  }

  async #put(
    name: string,
    keyId: string,
    body: Partial<z.output<typeof Sealed>>,
    date: Record<string, string>,
  ): Promise<Response> {
    if (body.key_id !== keyId)
      return answer(
        422,
        { message: 'Bad request - key_id is not the id of the current public key', status: '422' },
        date,
      );
    const { publicKey, privateKey } = await this.#keys;
    const box = Buffer.from(body.encrypted_value ?? '', 'base64');
    const isNew = !this.#stored.has(name);
    this.#stored.set(name, {
      value: Buffer.from(sodium.crypto_box_seal_open(box, publicKey, privateKey)).toString('utf8'),
      updatedAt: this.#clock.now(),
    });
    return isNew ? answer(201, {}, date) : new Response(null, { status: 204, headers: date });
  }
}

/** To the second. */
function shown(at: number): string {
  return new Date(Math.floor(at / SECOND) * SECOND).toISOString().replace('.000Z', 'Z');
}
