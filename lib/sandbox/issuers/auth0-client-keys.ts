/** The applications of a simulated Auth0 with their keys, and the API that manages these. */
import * as z from 'zod';
import type { Instant } from '../../../functions/core/basics/time.ts';
import { ADMIN, fault } from './auth0-answers.ts';
import { numbersOf, thumbprint, type RsaNumbers } from './client-assertions.ts';
import { bodyOf, iso } from './forms.ts';
import { bearerIn } from './logins.ts';
import { MintingAccounts } from './minting-accounts.ts';
import type { IssuerKnobs } from './knobs.ts';
import { randomText } from './random-text.ts';

/** A public key that was added to an application. */
export interface StoredCredential {
  readonly id: string;
  readonly kid: string;
  readonly name: string;
  readonly numbers: RsaNumbers;
  readonly createdAt: Instant;
  boundAt: Instant | undefined;
  unboundAt: Instant | undefined;
  deleted: boolean;
}

/** A key and whose it is. */
export interface OwnKey {
  /** The application's. */
  readonly id: string;
  readonly key: StoredCredential;
}

/** "The current application storage limit is two credentials at one time" (auth0.com/docs). */
const MOST = 2;

export class Applications {
  readonly accounts: MintingAccounts;
  readonly #host: string;
  readonly #now: () => Instant;
  readonly #random = randomText(13);
  readonly #keys = new Map<string, StoredCredential[]>();

  constructor(host: string, now: () => Instant, knobs: IssuerKnobs) {
    this.#host = host;
    this.#now = now;
    this.accounts = new MintingAccounts((number) => `app${number}WithKeys`, knobs);
  }

  of(id: string): StoredCredential[] {
    const known = this.#keys.get(id) ?? [];
    this.#keys.set(id, known);
    return known;
  }

  kept(id: string): StoredCredential[] {
    return this.of(id).filter(({ deleted }) => !deleted);
  }

  all(): readonly OwnKey[] {
    return [...this.#keys].flatMap(([id, keys]) => keys.map((key) => ({ id, key })));
  }

  handleOf(id: string, key: StoredCredential): string {
    return `${this.#host}/clients/${id}/credentials/${key.id}`;
  }

  /** A kid that is not given is the thumbprint of RFC 7638, as in recorded answers. */
  add(id: string, numbers: RsaNumbers, { name = '', kid = thumbprint(numbers) } = {}): StoredCredential {
    const key: StoredCredential = {
      id: `cred_${this.#random(22)}`,
      kid,
      name,
      numbers,
      createdAt: this.#now(),
      boundAt: undefined,
      unboundAt: undefined,
      deleted: false,
    };
    this.of(id).push(key);
    return key;
  }

  /** Binds these and no others. */
  bind(id: string, ids: readonly string[]): void {
    for (const key of this.kept(id)) {
      const isBound = isBoundNow(key);
      if (ids.includes(key.id) && !isBound) [key.boundAt, key.unboundAt] = [this.#now(), undefined];
      if (!ids.includes(key.id) && isBound) key.unboundAt = this.#now();
    }
  }

  remove(key: StoredCredential): void {
    if (isBoundNow(key)) key.unboundAt = this.#now();
    key.deleted = true;
  }
}

export function isBoundNow({ boundAt, unboundAt }: StoredCredential): boolean {
  return boundAt !== undefined && unboundAt === undefined;
}

interface Managing {
  readonly applications: Applications;
  readonly isListed: (handle: string, createdAt: Instant) => boolean;
}

/**
 * Answers a request to the Management API. Sources: auth0/terraform-provider-auth0 c0e7d0b0,
 * recordings/TestAccClientCredentialsPrivateKeyJWTFullRotation; auth0.com/docs, "Rotate Credentials". What a
 * refusal says is not documented.
 */
export async function manageApplication(
  request: Request,
  pathname: string,
  about: Managing,
): Promise<Response> {
  if (bearerIn(request) !== ADMIN.clientSecret) return fault(401, 'Unauthorized', 'Invalid token');
  const [, id = '', list, credentialId] =
    /^\/api\/v2\/clients\/([\w-]+)(\/credentials)?(?:\/(\w+))?$/.exec(pathname) ?? [];
  if (!about.applications.accounts.has(id))
    return fault(404, 'Not Found', 'The client does not exist', 'inexistent_client');
  if (list === undefined) return application(request, id, about);
  if (credentialId !== undefined) return remove(request, id, credentialId, about);
  return request.method === 'POST' ? create(await bodyOf(request), id, about) : shownList(id, about);
}

const Changed = z.strictObject({
  client_authentication_methods: z.strictObject({
    private_key_jwt: z.strictObject({ credentials: z.array(z.strictObject({ id: z.string() })).min(1) }),
  }),
});

async function application(request: Request, id: string, { applications }: Managing): Promise<Response> {
  if (request.method === 'PATCH') {
    const changed = Changed.safeParse(await bodyOf(request)).data;
    const ids = changed?.client_authentication_methods.private_key_jwt.credentials.map((one) => one.id);
    const known = applications.kept(id).map((one) => one.id);
    if (!ids || !ids.every((one) => known.includes(one)))
      return fault(400, 'Bad Request', 'Payload validation error', 'invalid_body');
    applications.bind(id, ids);
  }
  const credentials = applications
    .kept(id)
    .filter(isBoundNow)
    .map((one) => ({ id: one.id }));
  return Response.json({
    name: id,
    client_id: id,
    app_type: 'non_interactive',
    jwt_configuration: { alg: 'RS256' },
    grant_types: ['refresh_token', 'client_credentials'],
    client_authentication_methods: { private_key_jwt: { credentials } },
  });
}

/** The newest first, as recorded. */
function shownList(id: string, { applications, isListed }: Managing): Response {
  const keys = applications.kept(id).toReversed();
  return Response.json(
    keys.filter((key) => isListed(applications.handleOf(id, key), key.createdAt)).map(shown),
  );
}

const Wanted = z.strictObject({
  credential_type: z.literal('public_key'),
  name: z.string().optional(),
  pem: z.string(),
  alg: z.literal('RS256'),
  kid: z
    .string()
    .regex(/^[\w-]{10,64}$/)
    .optional(),
});

function create(body: unknown, id: string, { applications }: Managing): Response {
  const wanted = Wanted.safeParse(body).data;
  const numbers = wanted && numbersOf(wanted.pem);
  if (!wanted || !numbers) return fault(400, 'Bad Request', 'Payload validation error', 'invalid_body');
  const kept = applications.kept(id);
  if (kept.length >= MOST) return fault(400, 'Bad Request', 'The limit of credentials is reached');
  // "The same credential can’t be uploaded more than once" (auth0.com/docs, "Credential Settings").
  if (kept.some((one) => thumbprint(one.numbers) === thumbprint(numbers)))
    return fault(409, 'Conflict', 'The credential is there already');
  const { name, kid } = wanted;
  const key = applications.add(id, numbers, { ...(name && { name }), ...(kid && { kid }) });
  return Response.json(shown(key), { status: 201 });
}

/** "You must unassociate the credential from your application or you will not be able to remove it." */
function remove(request: Request, id: string, credentialId: string, { applications }: Managing): Response {
  const key = applications.kept(id).find((one) => one.id === credentialId);
  if (request.method !== 'DELETE' || !key) return fault(404, 'Not Found', 'The credential does not exist');
  if (isBoundNow(key)) return fault(400, 'Bad Request', 'The credential is associated with the client');
  applications.remove(key);
  return new Response(null, { status: 204 });
}

function shown({ id, kid, name, createdAt, unboundAt = createdAt }: StoredCredential): object {
  const [created_at, updated_at] = [iso(createdAt), iso(unboundAt)];
  return { id, credential_type: 'public_key', kid, alg: 'RS256', name, created_at, updated_at };
}
