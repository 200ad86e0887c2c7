import { bearerOf } from './forms.ts';
import {
  SubmittedSimulator,
  type SubmittedCall,
  type SubmittedOptions,
  type SubmittedRules,
} from './submitted.ts';

const TEAM = '5df3e3004a17e242b7c20ca6c9fc25b701a47ece';

const RULES: SubmittedRules = {
  provider: 'digitalocean',
  host: 'digitalocean.keyturn.test',
  field: 'token',
  account: (index) => `teams/${TEAM}/users/b6fr89dbf6d9156cace5f3c78dc9851d9573${1000 + index}`,
  grant: (account) => ({ team: TEAM, user: userOf(account) }),
  value: (random) => `dop_v1_${Buffer.from(random(32)).toString('hex')}`,
  presented: bearerOf,
  use: (host, value) =>
    new Request(`https://${host}/v2/droplets`, { headers: { authorization: `Bearer ${value}` } }),
  answer,
};

/**
 * Personal access tokens of DigitalOcean, which people create and delete. Source: docs.digitalocean.com, "Get
 * User Information"; the words of a refusal: digitalocean/openapi.
 */
export function digitaloceanSimulator(options: SubmittedOptions): SubmittedSimulator {
  return new SubmittedSimulator(RULES, options);
}

function answer({ method, path, token }: SubmittedCall): Response {
  if (!token) return failed(401, 'Unauthorized', 'Unable to authenticate you');
  if (path === '/v2/droplets' && method === 'GET') return Response.json({ droplets: [], meta: { total: 0 } });
  if (path !== '/v2/account' || method !== 'GET')
    return failed(404, 'not_found', 'The resource you were accessing could not be found.');
  return Response.json({
    account: {
      droplet_limit: 25,
      email: 'robot@keyturn.test',
      name: 'Robot',
      uuid: userOf(token.account),
      email_verified: true,
      status: 'active',
      status_message: '',
      team: { uuid: TEAM, name: 'Team' },
    },
  });
}

function userOf(account: string): string {
  return account.split('/')[3] ?? '';
}

function failed(status: number, id: string, message: string): Response {
  return Response.json({ id, message }, { status });
}
