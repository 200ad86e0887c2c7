import { bearerOf } from './forms.ts';
import {
  SubmittedSimulator,
  type SubmittedCall,
  type SubmittedOptions,
  type SubmittedRules,
} from './submitted.ts';

const SELF = '/api/0/';
const PROJECTS = '/api/0/organizations/keyturn/projects/';

const RULES: SubmittedRules = {
  provider: 'sentry-integration',
  host: 'sentry-integration.keyturn.test',
  field: 'token',
  account: (index) => `users/${4_569_000 + index}`,
  grant: (account) => ({ user: userOf(account) }),
  value: (random) => `sntryi_${Buffer.from(random(32)).toString('hex')}`,
  presented: bearerOf,
  use: (host, value) =>
    new Request(`https://${host}${PROJECTS}`, { headers: { authorization: `Bearer ${value}` } }),
  answer,
};

/**
 * Tokens of internal integrations of Sentry, which people create and revoke. Source: getsentry/sentry,
 * src/sentry/api/endpoints/index.py and src/sentry/api/authentication.py.
 */
export function sentryIntegrationSimulator(options: SubmittedOptions): SubmittedSimulator {
  return new SubmittedSimulator(RULES, options);
}

function answer({ path, presented, token }: SubmittedCall): Response {
  if (presented !== undefined && !token) return Response.json({ detail: 'Invalid token' }, { status: 401 });
  if (path === PROJECTS && token) return Response.json([]);
  if (path !== SELF)
    return Response.json({ detail: 'The requested resource does not exist' }, { status: 404 });
  if (!token) return Response.json({ version: '0', auth: null, user: null });
  const id = userOf(token.account);
  return Response.json({
    version: '0',
    auth: { scopes: token.scopes ?? ['org:read'] },
    user: { id, name: '', username: `ci-${id}`, email: `${id}@proxy-user.sentry.io`, isActive: true },
  });
}

function userOf(account: string): string {
  return account.slice('users/'.length);
}
