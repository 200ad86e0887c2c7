import { bearerOf, railsText } from './forms.ts';
import {
  SubmittedSimulator,
  type SubmittedCall,
  type SubmittedOptions,
  type SubmittedRules,
} from './submitted.ts';

const SELF = '/v2/access-token';

const RULES: SubmittedRules = {
  provider: 'buildkite',
  host: 'buildkite.keyturn.test',
  field: 'token',
  account: (index) => `users/robot-${index}@keyturn.test`,
  grant: (account) => ({ email: emailOf(account) }),
  value: (random) => `bkua_${Buffer.from(random(20)).toString('hex')}`,
  presented: bearerOf,
  use: (host, value) =>
    new Request(`https://${host}/v2/builds`, { headers: { authorization: `Bearer ${value}` } }),
  answer,
};

/**
 * API access tokens of Buildkite, which people create. Source: buildkite.com, "Access token API" and "Meta
 * API"; the words of a refusal: the tests of buildkite/test-engine-client.
 */
export function buildkiteSimulator(options: SubmittedOptions): SubmittedSimulator {
  return new SubmittedSimulator(RULES, options);
}

function answer({ method, path, token, revoke }: SubmittedCall): Response {
  if (path === '/v2/meta' && method === 'GET') return Response.json({ webhook_ips: ['192.0.2.0/24'] });
  if (!token)
    return failed(
      401,
      'Authentication required. Please supply a valid API Access Token: ' +
        'https://buildkite.com/docs/apis/rest-api#authentication',
    );
  if (path === '/v2/builds' && method === 'GET') return Response.json([]);
  if (path !== SELF) return failed(404, 'Not Found');
  if (method === 'DELETE') {
    revoke([token.value]);
    return new Response(null, { status: 204 });
  }
  const { account, scopes = ['read_builds'], createdAt, expiresAt } = token;
  return Response.json({
    uuid: 'b63254c0-3271-4a98-8270-7cfbd6c2f14e',
    scopes,
    description: 'robot',
    created_at: railsText(createdAt),
    user: { name: 'Robot', email: emailOf(account) },
    expires_at: expiresAt === undefined ? null : railsText(expiresAt),
  });
}

function emailOf(account: string): string {
  return account.slice('users/'.length);
}

function failed(status: number, message: string): Response {
  return Response.json({ message }, { status });
}
