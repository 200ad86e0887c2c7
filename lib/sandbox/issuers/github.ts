import * as z from 'zod';
import { bearerOf, railsText } from './forms.ts';
import {
  SubmittedSimulator,
  type SubmittedCall,
  type SubmittedOptions,
  type SubmittedRules,
  type SubmittedToken,
} from './submitted.ts';

const Revoked = z.object({ credentials: z.array(z.string()).min(1).max(1000) });
/** Without a credential so many requests an hour ("Rate limits for the REST API"). */
const PER_HOUR = 60;
const UNUSED = { limit: PER_HOUR, remaining: PER_HOUR, reset: 0, used: 0 };

const RULES: SubmittedRules = {
  provider: 'github',
  host: 'github.keyturn.test',
  field: 'token',
  account: (index) => `users/${583_230 + index}`,
  grant: (account) => ({ userId: numberOf(account) }),
  // A classic token has scopes; a fine-grained one has none.
  value: (random, { scopes }) =>
    scopes === undefined ? `github_pat_${random(22)}_${random(59)}` : `ghp_${random(36)}`,
  presented: bearerOf,
  use: (host, value) =>
    new Request(`https://${host}/user`, { headers: { authorization: `Bearer ${value}` } }),
  answer,
};

/**
 * Personal access tokens of GitHub, which people create. Source: github/rest-api-description, GET /user, GET
 * /rate_limit and POST /credentials/revoke; the headers: docs.github.com, "Scopes for OAuth apps", and
 * google/go-github, TestParseTokenExpiration; the words of a refusal:
 * docs.github.com, "Troubleshooting the REST API".
 */
export function githubSimulator(options: SubmittedOptions): SubmittedSimulator {
  return new SubmittedSimulator(RULES, options);
}

function answer(call: SubmittedCall): Response {
  const { path, method, presented, token } = call;
  if (path === '/rate_limit' && presented === undefined)
    return Response.json({ resources: { core: UNUSED, search: UNUSED }, rate: UNUSED });
  if (path === '/credentials/revoke' && method === 'POST') return revoke(call);
  if (!token) return refused(401, 'Bad credentials');
  if (path !== '/user') return refused(404, 'Not Found');
  return Response.json(publicUser(numberOf(token.account)), { headers: headersOf(token) });
}

/** What a user of no more scopes sees of itself. Source: github/rest-api-description, public user. */
function publicUser(id: number): object {
  const login = `robot-${id}`;
  const url = `https://api.github.com/users/${login}`;
  const under = ['followers', 'following', 'gists', 'starred', 'subscriptions', 'repos', 'events'];
  const urls = under.map((name) => [`${name}_url`, `${url}/${name}`]);
  const untold = ['name', 'company', 'blog', 'location', 'email', 'hireable', 'bio', 'gravatar_id'];
  const counts = ['public_repos', 'public_gists', 'followers', 'following'];
  return {
    ...Object.fromEntries([
      ...urls,
      ...untold.map((name) => [name, null]),
      ...counts.map((name) => [name, 0]),
    ]),
    login,
    id,
    node_id: 'MDQ6VXNlcjE=',
    avatar_url: `https://avatars.githubusercontent.com/u/${id}`,
    url,
    html_url: `https://github.com/${login}`,
    organizations_url: `${url}/orgs`,
    received_events_url: `${url}/received_events`,
    type: 'User',
    site_admin: false,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  };
}

function revoke(call: SubmittedCall): Response {
  if (call.presented !== undefined) return refused(403, 'This endpoint takes no authenticated requests.');
  const body = Revoked.safeParse(call.body);
  if (!body.success) return refused(422, 'Validation Failed');
  call.revoke(body.data.credentials);
  return Response.json({}, { status: 202 });
}

function numberOf(account: string): number {
  return Number(account.slice('users/'.length));
}

/** A fine-grained token has no scopes; one that never expires has no date. */
function headersOf({ scopes, expiresAt }: SubmittedToken): Record<string, string> {
  return {
    ...(scopes && { 'x-oauth-scopes': scopes.join(', ') }),
    ...(expiresAt !== undefined && { 'github-authentication-token-expiration': railsText(expiresAt) }),
  };
}

function refused(status: number, message: string): Response {
  return Response.json(
    { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
    { status },
  );
}
