import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import { iso } from './forms.ts';
import { credentialIn, ofOwner, ownerIn } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** Source: pulumi.com, Access Tokens: up to two years ahead, or 0. */
const LONGEST = 2 * 366 * 86_400;

const NewToken = z.strictObject({ description: z.string(), expires: z.int().nonnegative() });

const RULES: MintingRules = {
  provider: 'pulumi-cloud',
  host: 'pulumi.keyturn.test',
  account: (index) => `users/deployer${index}`,
  admin: () => ({}),
  grant: (account, token) => ({
    user: nameOf(account),
    token: ofOwner(token, nameOf(account)),
    maxDays: 60,
  }),
  id: (number, random) =>
    `${String(number).padStart(8, '0')}-0000-4000-8000-${Buffer.from(random(6)).toString('hex')}`,
  value: (_id, random) => `pul-${Buffer.from(random(20)).toString('hex')}`,
  handle: ({ id }) => id,
  presented: (request) => credentialIn(tokenOf(request.headers)),
  byHand: { scopes: [] },
  stored: (token) => ({ token }),
  use: (token) => ({ path: '/api/user', headers: { authorization: `token ${token}` } }),
  answer,
};

/**
 * Pulumi Cloud as far as personal access tokens go. Source: its OpenAPI file, as api-evangelist/pulumi has
 * it; the refusal: pulumi/pulumi, pkg/backend/httpstate/client.
 */
export function pulumiCloudSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  const account =
    caller.kind === 'credential' ? caller.credential.account : `users/${ownerIn(tokenOf(headers))}`;
  if (caller.kind === 'unauthenticated' || !store.has(account))
    return failed(401, 'Unauthorized: No credentials provided or are invalid.');
  if (path === '/api/user' && method === 'GET') return Response.json(userOf(account));
  const [isTokens, id] = /^\/api\/user\/tokens(?:\/([^/]+))?$/.exec(path) ?? [];
  if (isTokens === undefined) return failed(404, 'Not Found: Not Found');
  if (id === undefined)
    return method === 'POST'
      ? create(call, account)
      : Response.json({ tokens: store.of(account).map(shown) });
  const found = store.of(account).find((one) => one.id === id);
  if (!found) return failed(404, 'Not Found: Token');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

function create({ body, now, store }: Call, account: string): Response {
  const asked = NewToken.safeParse(body);
  const ahead = (asked.data?.expires ?? 0) - now / SECOND;
  if (!asked.success || ahead > LONGEST) return failed(400, 'Bad Request: invalid request body');
  const { description: name, expires } = asked.data;
  const expiresAt = expires === 0 ? undefined : expires * SECOND;
  const { id, value } = store.add(account, { name, scopes: [], expiresAt });
  return Response.json({ id, tokenValue: value });
}

function shown({ id, name, account, createdAt, expiresAt, lastUsedAt }: Kept): object {
  return {
    id,
    name: '',
    description: name,
    created: iso(createdAt),
    createdBy: nameOf(account),
    admin: false,
    expires: expiresAt === undefined ? 0 : expiresAt / SECOND,
    lastUsed: lastUsedAt === undefined ? 0 : Math.floor(lastUsedAt / SECOND),
  };
}

function userOf(account: string): object {
  const user = nameOf(account);
  return { id: `id-of-${user}`, githubLogin: user, name: user, email: `${user}@acme.example` };
}

function tokenOf(headers: Headers): string {
  return /^token (.+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? '';
}

function nameOf(account: string): string {
  return account.slice('users/'.length);
}

function failed(code: number, message: string): Response {
  return Response.json({ code, message }, { status: code });
}
