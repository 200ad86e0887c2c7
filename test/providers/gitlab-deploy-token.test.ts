import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { gitlabDeployToken } from '../../functions/providers/gitlab-deploy-token/index.ts';
import { gitlabDeployTokenSimulator } from '../../lib/sandbox/issuers/gitlab-deploy-token.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup, type ProviderContract } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(gitlabDeployToken, {
    accountFields: ['resource', 'username'],
    made: { id: 'id', value: 'token' },
    isUndated: true,
    mayCall: ({ path }, account) =>
      path === '/jwt/auth?service=container_registry' ||
      path.startsWith(`/api/v4/${account.split('/').slice(1, 3).join('/')}/deploy_tokens`),
  }),
  name: 'gitlab-deploy-token against its simulator',
  createIssuer: (clock) => gitlabDeployTokenSimulator({ clock }),
};
defineProviderContract(CONTRACT);

const error = (code: string, message: string): object => ({ errors: [{ code, message }] });

describe('gitlab-deploy-token', () => {
  for (const [name, status, body, outcome] of [
    [
      'the longer words of newer versions',
      401,
      error(
        'UNAUTHORIZED',
        'HTTP Basic: Access denied. If a password was provided for Git authentication, the password ' +
          "was incorrect or you're required to use a token instead of a password. If a token was " +
          'provided, it was either incorrect, expired, or improperly scoped. See ' +
          'https://gitlab.example.com/help/topics/git/troubleshooting_git.md',
      ),
      'inactive',
    ],
    [
      "a person's second factor",
      401,
      error(
        'UNAUTHORIZED',
        "HTTP Basic: Access denied\nYou must use a personal access token with 'api' scope for Git over HTTP.",
      ),
      'unknown',
    ],
    ['too few scopes', 403, error('DENIED', 'access forbidden'), 'unknown'],
    ['a registry that is off', 404, { status: 'error', message: 'registry not enabled' }, 'unknown'],
  ] as const)
    it(`takes ${name} for ${outcome}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  for (const [field, wrong] of [
    ['username', 'cluster'],
    ['scopes', ['read_registry']],
    ['scopes', ['read_repository', 'read_package_registry']],
  ] as const)
    it(`refuses a grant whose ${field} is ${JSON.stringify(wrong)}`, () =>
      withSetup(CONTRACT, async ({ admin, world }) => {
        admin['grants'][0][field] = wrong;
        const open = async () =>
          gitlabDeployToken.open(new Secret(JSON.stringify(admin)), SECRET, world.tools);
        assertCode(await rejection(open()), 'admin-invalid', `grants[0].${field}`);
      }));
});
