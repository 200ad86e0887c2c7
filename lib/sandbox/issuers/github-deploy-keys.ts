/** The repositories of a simulated GitHub with the deploy keys that they have had, and the API for these. */
import * as z from 'zod';
import { parseJson } from '../../../functions/core/basics/json.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import { modulusOf } from './client-assertions.ts';
import { isoSeconds, pageOf } from './forms.ts';
import { OWNER, failed } from './github-installation.ts';
import { numbersInSsh, sshOf } from './ssh-keys.ts';

/** A deploy key. */
export interface DeployKey {
  readonly id: number;
  readonly repository: string;
  /** In hexadecimal: tells keys apart. */
  readonly modulus: string;
  readonly key: string;
  readonly title: string;
  readonly readOnly: boolean;
  readonly createdAt: Instant;
  revokedAt: Instant | undefined;
}

type New = Pick<DeployKey, 'repository' | 'title' | 'readOnly'> & { readonly key: string };

/** A key of 2,048 bits has a modulus of 512 such digits. */
const SHORTEST = 256;

export class DeployKeys {
  readonly all: DeployKey[] = [];
  readonly #bySecret = new Map<string, string>();
  readonly #isGone: (secretName: string) => boolean;

  constructor(isGone: (secretName: string) => boolean) {
    this.#isGone = isGone;
  }

  /** The repository that serves a secret; made when it is asked for. */
  repositoryOf(secretName: string): string {
    const known = this.#bySecret.get(secretName);
    if (known !== undefined) return known;
    const repository = `${OWNER}/shop-${this.#bySecret.size + 1}`;
    this.#bySecret.set(secretName, repository);
    return repository;
  }

  /** Its name, however it is written; undefined for one that is not there, or was deleted. */
  find(repository: string): string | undefined {
    const isIt = ([secretName, name]: [string, string]): boolean =>
      name.toLowerCase() === repository.toLowerCase() && !this.#isGone(secretName);
    return [...this.#bySecret].find(isIt)?.[1];
  }

  /** Those that are there. */
  of(repository: string): DeployKey[] {
    return this.all.filter((one) => one.repository === repository && one.revokedAt === undefined);
  }

  /** Undefined for a text that is no key, and for a key that a repository has already. */
  add({ repository, title, readOnly, key: text }: New, now: Instant): DeployKey | undefined {
    const numbers = numbersInSsh(text);
    const modulus = numbers && modulusOf(numbers);
    if (!numbers || modulus === undefined || modulus.length < SHORTEST) return undefined;
    if (this.all.some((one) => one.modulus === modulus && one.revokedAt === undefined)) return undefined;
    const id = 108_000_001 + this.all.length;
    const key = sshOf(numbers);
    const made = { id, repository, modulus, key, title, readOnly, createdAt: now, revokedAt: undefined };
    this.all.push(made);
    return made;
  }
}

/** What a request is about. */
interface Managing {
  readonly keys: DeployKeys;
  readonly now: Instant;
  readonly repository: string;
  readonly id: string | undefined;
  readonly isListed: (key: DeployKey) => boolean;
}

const Wanted = z.strictObject({
  title: z.string().optional(),
  key: z.string(),
  read_only: z.boolean().default(false),
});

/** Source: github/rest-api-description, "Deploy keys". */
export function manageKeys(request: Request, text: string, about: Managing): Response {
  const { keys, now, repository, id } = about;
  if (id === undefined) return request.method === 'POST' ? create(text, about) : list(request, about);
  const key = keys.of(repository).find((one) => String(one.id) === id);
  if (!key) return failed(404, 'Not Found');
  if (request.method !== 'DELETE') return Response.json(shown(key, request));
  key.revokedAt = now;
  return new Response(null, { status: 204 });

  function create(body: string, { keys: store }: Managing): Response {
    const wanted = Wanted.safeParse(parseJson(body)).data;
    if (!wanted) return failed(422, 'Validation Failed');
    const { title = '', key: publicKey, read_only: readOnly } = wanted;
    const made = store.add({ repository, title, key: publicKey, readOnly }, now);
    // In these words for a text that is no key, too: ansible-collections/community.general, issue 6718.
    const inUse = { resource: 'PublicKey', code: 'custom', field: 'key', message: 'key is already in use' };
    if (!made) return failed(422, 'Validation Failed', [inUse]);
    return Response.json(shown(made, request), { status: 201 });
  }
}

/** Pages with a `Link` header. Source: docs.github.com, "Using pagination in the REST API". */
function list(request: Request, { keys, repository, isListed }: Managing): Response {
  const url = new URL(request.url);
  const size = Math.min(Number(url.searchParams.get('per_page') ?? '30'), 100);
  const number = Number(url.searchParams.get('page') ?? '1');
  const all = keys.of(repository).filter(isListed);
  const answer = Response.json(pageOf(all, number, size).map((key) => shown(key, request)));
  if (number * size >= all.length) return answer;
  url.searchParams.set('page', String(number + 1));
  answer.headers.set('link', `<${url.href}>; rel="next"`);
  return answer;
}

function shown({ id, key, repository, title, createdAt, readOnly }: DeployKey, request: Request): object {
  return {
    id,
    key,
    url: `${new URL(request.url).origin}/repos/${repository}/keys/${id}`,
    title,
    verified: true,
    created_at: isoSeconds(createdAt),
    read_only: readOnly,
    added_by: 'keyturn[bot]',
    last_used: null,
    enabled: true,
  };
}
