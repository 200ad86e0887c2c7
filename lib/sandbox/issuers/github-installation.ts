/** The installation of a GitHub App, which manages deploy keys here: its key, its JWTs and its tokens. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../../functions/core/basics/json.ts';
import { HOUR, MINUTE, SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import { bearerOf, isoSeconds } from './forms.ts';
import { rsaKeysFor } from './rsa-keys.ts';

export const APP_ID = 1_383_744;
export const INSTALLATION_ID = 61_730_218;
const TOKENS = `/app/installations/${INSTALLATION_ID}/access_tokens`;
/** The owner of all repositories here. */
export const OWNER = 'Acme-Robots';
/** How far away the end of a JWT may be. */
const LONGEST = 10 * MINUTE;

const Claims = z.object({ iss: z.literal(APP_ID), iat: z.int(), exp: z.int() });
const Asked = z.strictObject({
  repositories: z.array(z.string()).min(1),
  permissions: z.strictObject({ administration: z.enum(['read', 'write']) }),
});

interface Token {
  readonly repositories: readonly string[];
  readonly mayWrite: boolean;
  readonly endsAt: Instant;
}

/** One pair in a process: reading one at each request takes long. */
let pair: { readonly value: string; readonly publicKey: KeyObject } | undefined;

/** The App's key as admin secrets hold it: PKCS#1, as GitHub gives it, in base64. */
export function appKey(): string {
  return pairOnce().value;
}

function pairOnce(): NonNullable<typeof pair> {
  if (pair) return pair;
  const key = rsaKeysFor('github-deploy-key, admin')();
  const pem = key.export({ type: 'pkcs1', format: 'pem' });
  pair = { value: Buffer.from(pem).toString('base64'), publicKey: createPublicKey(key) };
  return pair;
}

export class Installation {
  readonly #tokens = new Map<string, Token>();

  /**
   * A token for some of its repositories. The words of refusals: octokit/auth-app.js, issue 375. Those for a
   * repository that it does not reach are not known.
   */
  login(
    request: Request,
    text: string,
    { now, has }: { readonly now: Instant; readonly has: (repository: string) => boolean },
  ): Response | undefined {
    if (request.method !== 'POST' || new URL(request.url).pathname !== TOKENS) return undefined;
    if (!isSigned(bearerOf(request) ?? '', now)) return failed(401, 'A JSON web token could not be decoded');
    const asked = Asked.safeParse(parseJson(text)).data;
    if (!asked || !asked.repositories.every((name) => has(`${OWNER}/${name}`)))
      return failed(422, 'Validation Failed');
    const { repositories, permissions } = asked;
    const token = `ghs_${this.#tokens.size + 1}_of_the_installation`;
    const endsAt = now + HOUR;
    this.#tokens.set(token, { repositories, mayWrite: permissions.administration === 'write', endsAt });
    return Response.json(
      {
        token,
        expires_at: isoSeconds(endsAt),
        permissions: { ...permissions, metadata: 'read' },
        repository_selection: 'selected',
      },
      { status: 201 },
    );
  }

  /** Why a token does not reach a repository; undefined where it does. */
  refusal(request: Request, name: string, now: Instant): Response | undefined {
    const token = this.#tokens.get(bearerOf(request) ?? '');
    if (!token || now >= token.endsAt) return failed(401, 'Bad credentials');
    if (!token.repositories.some((one) => one.toLowerCase() === name.toLowerCase()))
      return failed(404, 'Not Found');
    return token.mayWrite || request.method === 'GET'
      ? undefined
      : failed(403, 'Resource not accessible by integration');
  }
}

/** An error as GitHub writes it. Source: github/rest-api-description, basic-error. */
export function failed(status: number, message: string, errors?: readonly object[]): Response {
  const documentation = 'https://docs.github.com/rest';
  return Response.json(
    { message, ...(errors && { errors }), documentation_url: documentation, status: String(status) },
    { status },
  );
}

function isSigned(jwt: string, now: Instant): boolean {
  const [head = '', middle = '', signature = ''] = jwt.split('.');
  const claims = Claims.safeParse(parseJson(Buffer.from(middle, 'base64url').toString())).data;
  if (!claims || claims.iat * SECOND > now + MINUTE) return false;
  if (claims.exp * SECOND <= now || claims.exp * SECOND > now + LONGEST) return false;
  const { publicKey } = pairOnce();
  return verify('sha256', Buffer.from(`${head}.${middle}`), publicKey, Buffer.from(signature, 'base64url'));
}
