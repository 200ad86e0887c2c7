import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Authentication tokens of runners: one at any time. Source: docs.gitlab.com, "Runners API". */
export const descriptor: ProviderDescriptor = {
  id: 'gitlab-runner',
  title: 'GitLab runner authentication tokens',
  rotates: 'Authentication tokens of runners (glrt-…), by resetting them. GitLab 15.11 or later.',
  // A reset replaces the one token of the runner.
  slots: { names: ['authentication token'], of: ['runner'] },
  value: 'issuer',
  found: 'reissue',
  valueField: 'token',
  // The answer about a token names its runner.
  identifies: true,
  // An instance may give new tokens an end; nobody can ask for one.
  expiry: { settable: false, step: 'none' },
  // GitLab names neither delay: tokens are read from its database.
  lags: { allowed: MINUTE },
  // A check is a contact of the runner.
  check: 'counts-as-use',
  concurrency: 1,
  pattern: /glrt-[\w.-]{20,100}/,
  hosts: ['gitlab.com'],
  docs: 'https://docs.gitlab.com/api/runners/',
  admin: {
    example: {
      url: 'https://gitlab.com',
      token: '<access token with the scope manage_runner>',
      grants: [{ secret: 'ci/runner-build', runner: 12345678 }],
    },
    leastRights:
      'An access token with the scope manage_runner, of an owner of the group or a maintainer of the ' +
      'project that the runner belongs to. For runners of the instance, of an administrator.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Name a runner by its id, which its page shows after the number sign.',
    'Store the token that the runner has now in the secret before its first rotation: Keyturn ends no ' +
      'value that it does not know.',
    'Let one secret serve one runner, and have each of its machines take the token from it. Machines that ' +
      'share a runner lose it at the same moment.',
    'Have the machine write the new token into config.toml and start the runner again. Until then it gets ' +
      'no jobs; jobs that run go on.',
    'A check by Keyturn counts as a contact: a runner looks online for a while although no machine runs.',
  ],
  evidence: {
    sources: [
      'docs.gitlab.com, Runners API: verify authentication; reset a token by the id of its runner',
      'gitlabhq/gitlabhq, lib/api/ci/runner.rb: a token that is not known is refused with 403',
      'gitlab.com, gitlab-org/gitlab, merge requests 69561 and 112168: the answers to a reset and to a check',
    ],
    unconfirmed: [
      'Which status a reset is answered with: any success that holds a token counts.',
      'How long a new or replaced token takes on gitlab.com.',
      'Whether the scope manage_runner alone is enough for a reset.',
    ],
  },
};
