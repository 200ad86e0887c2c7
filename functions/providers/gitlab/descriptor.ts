import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE, SECOND } from '../../core/basics/time.ts';

/**
 * GitLab access tokens. Source of the facts: docs.gitlab.com, "Project access tokens API", "Group access
 * tokens API", "Service accounts API", "Personal access tokens".
 */
export const descriptor: ProviderDescriptor = {
  id: 'gitlab',
  title: 'GitLab access tokens',
  rotates:
    'Project and group access tokens, tokens of service accounts of groups and projects, and, on ' +
    'self-managed instances, personal access tokens.',
  // GitLab names no limit.
  slots: { count: 'many', of: ['project', 'group', 'service-account', 'user'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // Its pattern takes 316 bytes at most; an instance may put prefixes of its own before it.
  longestValue: 512,
  identifies: true,
  // The default limit; an instance may lower it, or raise it to 400 days ("Access token expiration").
  expiry: { settable: true, step: 'day', maxDays: 365 },
  // "View the last time a token was used": refreshed about every 10 minutes.
  lastUsedEvery: 10 * MINUTE,
  // GitLab documents neither delay: a token is a row in its database. Read replicas may lag a little.
  lags: { allowed: 10 * SECOND },
  check: 'counts-as-use',
  concurrency: 4,
  // The prefix can be changed on self-managed instances, so this serves to recognise, never to refuse.
  // Plain, routable, and routable with a version (`….01.` and nine characters), as GitLab makes them now.
  pattern: /glpat-[\w-]{20,300}(\.\d{2}\.[0-9a-z]{9}|\.[0-9a-z]{9})?/,
  hosts: ['gitlab.com'],
  docs: 'https://docs.gitlab.com/api/project_access_tokens/',
  admin: {
    example: {
      url: 'https://gitlab.example.com',
      token: '<personal access token of an account for Keyturn>',
      grants: [
        {
          secret: 'billing/gitlab-read',
          resource: 'projects/42',
          scopes: ['read_api'],
          accessLevel: 20,
          maxDays: 60,
        },
        { secret: 'deploy/*', resource: 'groups/7/service_accounts/99', scopes: ['api'], maxDays: 30 },
      ],
    },
    leastRights:
      'A personal access token with the scope `api`. Its account is Maintainer of the projects and ' +
      'Owner of the groups in the grants, also where a grant names a service account of theirs. It has ' +
      'no other role. Resources `users/…` need an administrator of a self-managed instance.',
    successor: 'minted',
    values: 'issued',
  },
  manualSteps: [
    'Create an account for Keyturn, give it the role above, and create its personal access token.',
    'A project or group access token belongs to a bot user of its own, which GitLab makes with the ' +
      'token. So after each rotation another user acts. What was granted to the bot by name does not ' +
      'move along, and ends with the old token: protected branches, approval rules, memberships ' +
      'elsewhere. Where that matters, grant a service account (`groups/7/service_accounts/99` or ' +
      "`projects/42/service_accounts/99`): all its tokens are one user's. A service account of a project " +
      'needs GitLab 18.11. There every tier has service accounts.',
    'Put the token into the admin secret. Replace it there before it expires, or make it a token of ' +
      'Keyturn itself: see [admin credentials](../reference.md#admin-credentials-are-tokens-too).',
  ],
  evidence: {
    sources: [
      'docs.gitlab.com: Project access tokens API, Group access tokens API, Service accounts API, ' +
        'Personal access tokens API',
      'gitlabhq/gitlabhq: lib/api/api_guard.rb, lib/gitlab/auth.rb, ' +
        'app/models/personal_access_token.rb, app/services/resource_access_tokens, ' +
        'lib/api/group_service_accounts.rb, lib/api/project_service_accounts.rb',
    ],
    unconfirmed: ['How long a new or revoked token takes until every node knows it: GitLab names no time.'],
  },
};
