import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../../functions/core/basics/json.ts';
import { MINUTE, SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import { bearerOf } from './forms.ts';
import { rsaKeysFor } from './rsa-keys.ts';
import {
  SubmittedSimulator,
  type SubmittedCall,
  type SubmittedOptions,
  type SubmittedRules,
} from './submitted.ts';

const INSTALLATIONS = '/app/installations';
/** How far a client's clock may be ahead, and how far away the end may be. */
const AHEAD = MINUTE;
const LONGEST = 10 * MINUTE;
const UNUSED = { limit: 60, remaining: 60, reset: 0, used: 0 };

const Header = z.object({ alg: z.literal('RS256') });
const Claims = z.object({ iss: z.union([z.number(), z.string()]), iat: z.int(), exp: z.int() });

interface Pair {
  readonly value: string;
  readonly publicKey: KeyObject;
}

function pairOf(privateKey: KeyObject): Pair {
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' });
  return { value: Buffer.from(pem).toString('base64'), publicKey: createPublicKey(privateKey) };
}

/** The keys that people created at one simulator. */
class Keys {
  readonly #next = rsaKeysFor('github-app-key');
  readonly #made: (Pair & { readonly account: string })[] = [];

  next(account: string): string {
    const pair = pairOf(this.#next());
    this.#made.push({ ...pair, account });
    return pair.value;
  }

  /** The number of the App of a key, which consumers know. */
  appOf(value: string): number | undefined {
    const made = this.#made.find((one) => one.value === value);
    return made && numberOf(made.account);
  }

  /** The one that signed a JWT; undefined where none did. */
  signerOf(jwt: string): string | undefined {
    const [head = '', claims = '', signature = ''] = jwt.split('.');
    const isBy = ({ publicKey }: Pair): boolean =>
      verify('sha256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, 'base64url'));
    return this.#made.find(isBy)?.value;
  }
}

/**
 * Private keys of GitHub Apps, which people create and delete. Source: github/rest-api-description, GET /app;
 * github/docs, "Managing private keys for GitHub Apps" and "Generating a JSON Web Token (JWT)"; the words of
 * refusals: octokit/auth-app.js, issue 375 and test/index.test.ts.
 */
export function githubAppKeySimulator(options: SubmittedOptions): SubmittedSimulator {
  return new SubmittedSimulator(rulesWith(new Keys(), options), options);
}

function rulesWith(keys: Keys, { clock }: SubmittedOptions): SubmittedRules {
  return {
    provider: 'github-app-key',
    host: 'github-app-key.keyturn.test',
    field: 'private_key_base64',
    account: (index) => `apps/${1_383_740 + index}`,
    grant: (account) => ({ appId: numberOf(account) }),
    value: (_random, _chosen, account) => keys.next(account),
    presented(request) {
      const jwt = bearerOf(request);
      return jwt === undefined ? undefined : (keys.signerOf(jwt) ?? jwt);
    },
    use: (host, value) =>
      new Request(`https://${host}${INSTALLATIONS}`, {
        headers: { authorization: `Bearer ${consumersJwt(value, keys.appOf(value), clock.now())}` },
      }),
    answer,
  };
}

function answer(call: SubmittedCall): Response {
  const { path, presented, token, now, request } = call;
  if (path === '/rate_limit' && presented === undefined)
    return Response.json({ resources: { core: UNUSED, search: UNUSED }, rate: UNUSED });
  const claims = claimsIn(bearerOf(request) ?? '');
  if (!token || !claims || String(claims.iss) !== String(numberOf(token.account)))
    return refused('A JSON web token could not be decoded');
  const wrong = wrongTime(claims, now);
  if (wrong !== undefined) return refused(wrong);
  if (path === INSTALLATIONS) return Response.json([]);
  if (path !== '/app') return refused('Not Found', 404);
  return Response.json(appOf(numberOf(token.account)));
}

/** In the words of GitHub. */
function wrongTime({ iat, exp }: z.infer<typeof Claims>, now: Instant): string | undefined {
  if (iat * SECOND > now + AHEAD)
    return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
  if (exp * SECOND <= now)
    return (
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the " +
      'assertion expires'
    );
  return exp * SECOND > now + LONGEST
    ? "'Expiration time' claim ('exp') is too far in the future"
    : undefined;
}

function claimsIn(jwt: string): z.infer<typeof Claims> | undefined {
  const [head = '', claims = ''] = jwt.split('.');
  const [header, said] = [head, claims].map((part) => parseJson(Buffer.from(part, 'base64url').toString()));
  return Header.safeParse(header).success ? Claims.safeParse(said).data : undefined;
}

function consumersJwt(value: string, iss: number | undefined, now: Instant): string {
  const seconds = Math.floor(now / SECOND);
  const claims = { iss, iat: seconds - 60, exp: seconds + 300 };
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const pem = Buffer.from(value, 'base64').toString();
  return iss !== undefined
    ? `${text}.${sign('sha256', Buffer.from(text), createPrivateKey(pem)).toString('base64url')}`
    : text;
}

function appOf(id: number): object {
  const at = '2026-01-01T00:00:00Z';
  const slug = `robot-${id}`;
  const owner = {
    id: 42,
    node_id: 'MDQ6VXNlcjE=',
    name: 'Acme',
    slug: 'acme',
    html_url: 'https://github.com/enterprises/acme',
    avatar_url: 'https://avatars.githubusercontent.com/b/42',
    created_at: at,
    updated_at: at,
  };
  return {
    id,
    slug,
    node_id: 'MDM6QXBwMQ==',
    client_id: `Iv23li${id}`,
    owner,
    name: slug,
    description: null,
    external_url: 'https://acme.example',
    html_url: `https://github.com/apps/${slug}`,
    created_at: at,
    updated_at: at,
    permissions: { metadata: 'read' },
    events: [],
    installations_count: 1,
  };
}

function refused(message: string, status = 401): Response {
  const documentation = 'https://docs.github.com/rest';
  return Response.json({ message, documentation_url: documentation, status: String(status) }, { status });
}

function numberOf(account: string): number {
  return Number(account.slice('apps/'.length));
}
