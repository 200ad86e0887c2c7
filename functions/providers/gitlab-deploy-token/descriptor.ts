import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { SECOND } from '../../core/basics/time.ts';

/**
 * Deploy tokens of a project or a group of GitLab: with them machines read repositories and registries.
 * Source: docs.gitlab.com, "Deploy tokens API".
 */
export const descriptor: ProviderDescriptor = {
  id: 'gitlab-deploy-token',
  title: 'GitLab deploy tokens',
  rotates: 'Deploy tokens of a project or a group, for its repository and its container registry.',
  // GitLab names no limit.
  slots: { count: 'many', of: ['project', 'group'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // Nothing that a token may ask tells which one it is.
  identifies: false,
  // `expires_at` is an instant; none is for ever, and is never asked for.
  expiry: { settable: true, step: 'second' },
  // When a deploy token was last used is told nowhere.
  // GitLab documents neither delay: a token is a row in its database.
  lags: { allowed: 10 * SECOND },
  check: 'free',
  concurrency: 2,
  // The prefix can be changed on self-managed instances, so this serves to recognise, never to refuse.
  pattern: /gldt-[\w-]{20,300}/,
  hosts: ['gitlab.com'],
  docs: 'https://docs.gitlab.com/api/deploy_tokens/',
  admin: {
    example: {
      url: 'https://gitlab.example.com',
      token: '<personal access token of an account for Keyturn>',
      grants: [
        {
          secret: 'cluster/pull',
          resource: 'projects/42',
          username: 'keyturn+cluster',
          scopes: ['read_registry', 'read_repository'],
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'A personal access token with the scope `api`. Its account is Maintainer of the projects and ' +
      'Owner of the groups in the grants, and of nothing else.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Choose a username with a plus sign for each token, such as keyturn+cluster. No user of GitLab has ' +
      'such a name, so a wrong token locks no account. All tokens of a grant have this username.',
    'Give a token that you make by hand the username of its grant: under another one GitLab refuses it.',
    'Name read_repository and one of read_registry and write_registry in each grant. By both together ' +
      "GitLab's answer tells a revoked token from one that has too few scopes.",
    'Turn the container registry on: Keyturn asks about a token there. While it is off, no token is ' +
      'called inactive.',
    'Allow the address of Keyturn where your instance bans addresses after failed logins: a revoked ' +
      'token that is asked about is one.',
  ],
  evidence: {
    sources: [
      'docs.gitlab.com: Deploy tokens API',
      'gitlabhq/gitlabhq 0739b8bf: lib/api/deploy_tokens.rb; 41946e65: ' +
        'lib/api/entities/deploy_token.rb; 017a6c12: app/models/deploy_token.rb',
      'gitlabhq/gitlabhq: app/controllers/jwt_controller.rb, ' +
        'app/services/auth/container_registry_authentication_service.rb, lib/gitlab/auth.rb, ' +
        'deploy_token_check',
    ],
    unconfirmed: [
      'How long a new or revoked token takes until every node knows it.',
      'Whether a refusal keeps its words in versions to come: other words are not understood.',
    ],
  },
};
