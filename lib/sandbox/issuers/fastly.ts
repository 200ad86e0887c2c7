import { isoSeconds } from './forms.ts';
import {
  SubmittedSimulator,
  type SubmittedCall,
  type SubmittedOptions,
  type SubmittedRules,
} from './submitted.ts';

const SELF = '/tokens/self';

const RULES: SubmittedRules = {
  provider: 'fastly',
  host: 'fastly.keyturn.test',
  field: 'token',
  account: (index) => `users/4Ys3xFtPcNyRgKmWq7Z${100 + index}`,
  grant: (account) => ({ user: userOf(account) }),
  value: (random) => random(32),
  presented: ({ headers }) => headers.get('fastly-key') ?? undefined,
  use: (host, value) => new Request(`https://${host}/service`, { headers: { 'fastly-key': value } }),
  answer,
};

/**
 * API tokens of Fastly, which people create. Source: fastly/fastly-js, docs/TokensApi.md and
 * docs/TokenResponse.md; the words of a refusal: its issue 14.
 */
export function fastlySimulator(options: SubmittedOptions): SubmittedSimulator {
  return new SubmittedSimulator(RULES, options);
}

function answer({ method, path, token, revoke }: SubmittedCall): Response {
  if (!token) return Response.json({ msg: 'Provided credentials are missing or invalid' }, { status: 401 });
  if (path === '/service' && method === 'GET') return Response.json([]);
  if (path !== SELF) return Response.json({ msg: 'Record not found' }, { status: 404 });
  if (method === 'DELETE') {
    revoke([token.value]);
    return new Response(null, { status: 204 });
  }
  const { account, scopes = ['global'], createdAt, expiresAt } = token;
  return Response.json({
    id: '5Yo3XXnrQpjc20u0ybrf2g',
    user_id: userOf(account),
    name: 'robot',
    services: [],
    scope: scopes.join(' '),
    created_at: isoSeconds(createdAt),
    last_used_at: isoSeconds(createdAt),
    expires_at: expiresAt === undefined ? null : isoSeconds(expiresAt),
  });
}

function userOf(account: string): string {
  return account.slice('users/'.length);
}
