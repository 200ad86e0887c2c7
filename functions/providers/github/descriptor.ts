import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Personal access tokens of github.com, which only people create. Source: docs.github.com, "Managing your
 * personal access tokens", "REST API endpoints for users" and "REST API endpoints for revocation".
 */
export const descriptor: ProviderDescriptor = {
  id: 'github',
  title: 'GitHub personal access tokens',
  rotates:
    'Fine-grained and classic personal access tokens of github.com. A person creates each new one, as ' +
    'GitHub has no API for that; Keyturn does all the rest.',
  // GitHub documents 50 fine-grained tokens a user, and no limit for classic ones.
  slots: { count: 50, of: ['user'] },
  value: 'person',
  found: 'never',
  valueField: 'token',
  identifies: true,
  expiry: { settable: false, step: 'none' },
  lags: { allowed: 5 * MINUTE },
  check: 'counts-as-use',
  concurrency: 1,
  // Source: gitleaks, config/gitleaks.toml, github-pat and github-fine-grained-pat.
  pattern: /\b(?:ghp_[0-9a-zA-Z]{36}|github_pat_\w{82})\b/,
  longestValue: 93,
  docs: 'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens',
  hosts: ['api.github.com'],
  admin: {
    example: {
      url: 'https://api.github.com',
      grants: [
        { secret: 'ci/github', userId: 583231, scopes: ['read:packages', 'repo'] },
        { secret: 'ci/release', userId: 583231 },
      ],
    },
    leastRights:
      'It holds no credential: it says which account each secret is for, by the number that ' +
      'https://api.github.com/users/LOGIN shows as id.',
    successor: 'by-hand',
    values: 'issued',
  },
  byPerson: {
    link: 'https://github.com/settings/personal-access-tokens/new',
    scopedLink: 'https://github.com/settings/tokens/new?scopes=',
    steps: [
      'Sign in to github.com as the account that the grant names.',
      'Open https://github.com/settings/personal-access-tokens/new for a fine-grained token. For a classic ' +
        'one, which the field scopes of the grant asks for, open https://github.com/settings/tokens/new.',
      'Give it the repositories and permissions, or the scopes, of the current one, and no more.',
      'Choose an expiry that lasts longer than rotateEvery of the policy and its minGrace together.',
      'Copy the value and run `keyturn rotate TOKEN --value-stdin`. It asks for the value without ' +
        'showing it.',
    ],
  },
  manualSteps: [
    'Use an account for machines alone, with access to no more repositories than its tokens are for.',
    'Set rotateBeforeExpiry to the time that a person needs: the owner is notified so long before the ' +
      'expiry.',
    'Where an organization enforces single sign-on, authorize each new token for it before you submit it.',
    'Where an organization lets in only some IP addresses, add those of the rotation functions: ' +
      'from another ' +
      'one GitHub tells nothing of a token.',
    'Keyturn revokes an old token by its value, without a credential, through POST ' +
      '/credentials/revoke. GitHub ' +
      'then mails the account that a token was revoked.',
  ],
  evidence: {
    verified:
      "the vendor's specification: github/rest-api-description, as @octokit/openapi 23.0.2 has it, on " +
      '2026-11-30',
    sources: [
      'github/rest-api-description, api.github.com: GET /user, GET /rate_limit, POST /credentials/revoke.',
      'docs.github.com: Managing your personal access tokens; Rate limits for the REST API.',
      'google/go-github: the form of the header github-authentication-token-expiration.',
      'gitleaks, config/gitleaks.toml: the form of the values.',
    ],
    unconfirmed: [
      'How long a revoked token is still accepted: GitHub answers 202 and revokes afterwards.',
      'What permissions a fine-grained token has: GitHub tells them of no value, so Keyturn does not ' +
        'check them.',
      'When a token was last used: GitHub tells that to people and to organizations alone.',
      'Whether one address may send more than 60 requests an hour without a credential: Keyturn waits when ' +
        'GitHub says so.',
    ],
  },
};
