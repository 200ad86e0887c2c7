import { bearerOf } from './forms.ts';
import {
  SubmittedSimulator,
  type SubmittedCall,
  type SubmittedOptions,
  type SubmittedRules,
} from './submitted.ts';

const RULES: SubmittedRules = {
  provider: 'stripe',
  host: 'stripe.keyturn.test',
  field: 'api_key',
  account: (index) => `accounts/acct_1MzAbCdEfGhI${1000 + index}/live`,
  grant: (account) => ({ account: idOf(account), mode: 'live' }),
  value: (random) => `rk_live_${random(32)}`,
  presented: bearerOf,
  use: (host, value) =>
    new Request(`https://${host}/v1/charges`, { headers: { authorization: `Bearer ${value}` } }),
  answer,
};

/**
 * Restricted keys of Stripe, which people create and delete. Source: docs.stripe.com, "API keys", "Retrieve
 * account" and "Error codes"; the words: answers of api.stripe.com, as users report them.
 */
export function stripeSimulator(options: SubmittedOptions): SubmittedSimulator {
  return new SubmittedSimulator(RULES, options);
}

function answer({ method, path, presented, token, known }: SubmittedCall): Response {
  if (presented === undefined)
    return failed({
      message:
        'You did not provide an API key. You need to provide your API key in the Authorization header, ' +
        "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    });
  if (!token && known)
    return failed({ code: 'api_key_expired', message: `Expired API Key provided: ${masked}` });
  if (!token) return failed({ message: `Invalid API Key provided: ${masked}` });
  if (path === '/v1/charges' && method === 'GET')
    return Response.json({ object: 'list', data: [], has_more: false });
  if (path !== '/v1/account' || method !== 'GET')
    return failed({ message: `Unrecognized request URL (${method}: ${path}).` }, 404);
  return Response.json({ id: idOf(token.account), object: 'account', country: 'DE' });
}

const masked = 'rk_live_********************************';

function idOf(account: string): string {
  return account.split('/')[1] ?? '';
}

function failed(error: { readonly message: string; readonly code?: string }, status = 401): Response {
  return Response.json({ error: { ...error, type: 'invalid_request_error' } }, { status });
}
