import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Access tokens of a Docker organization. Source: docs.docker.com, "Organization access tokens". */
export const descriptor: ProviderDescriptor = {
  id: 'docker-hub-org',
  title: 'Docker Hub organization access tokens',
  rotates:
    'Access tokens of a Docker organization, each limited to repositories. Tokens of users are the issuer ' +
    'docker-hub.',
  // 10 with Docker Team, 100 with Docker Business. "Expired tokens count toward your total limit."
  slots: { count: 10, of: ['organization'], filledBy: ['expired'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // Neither the list nor the login says which token a value is.
  identifies: false,
  expiry: { settable: true, step: 'second' },
  // `last_used_at` is there, and how exact it is stands nowhere.
  // Docker names neither delay.
  // `is_active` of an update.
  disables: true,
  lags: { allowed: MINUTE },
  check: 'counts-as-use',
  // Each question about a token is a login.
  concurrency: 1,
  pattern: /dckr_oat_[A-Za-z0-9_-]{27,64}/,
  hosts: ['hub.docker.com'],
  docs: 'https://docs.docker.com/enterprise/security/access-tokens/',
  admin: {
    example: {
      url: 'https://hub.docker.com',
      user: 'keyturnowner',
      password: '<password of that owner>',
      grants: [
        {
          secret: 'ci/docker-hub',
          organization: 'shop',
          resources: [{ type: 'TYPE_REPO', path: 'shop/api', scopes: ['repo-pull'] }],
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'The password, or a personal access token, of a user for Keyturn alone who is an owner of the ' +
      'organizations: Docker lets only owners manage these tokens.',
    successor: 'by-hand',
    values: 'chosen',
  },
  manualSteps: [
    'Organization access tokens need Docker Team or Docker Business.',
    'Create a user for Keyturn, with two-factor login off: Keyturn has no second factor. Make that user an ' +
      'owner.',
    'Where the organization enforces single sign-on, Docker takes a personal access token of that user in ' +
      'place of the password: write it in password.',
    'Name in resources each repository, and what the token may do there, in the words in which Docker ' +
      'answers for a token that you made by hand.',
    'Grant a secret the organization that its token is of. Docker Hub refuses the token of another one in ' +
      'the words in which it refuses a deleted one.',
    'An organization with Docker Team has room for 10 tokens. Delete those that expired and that nobody ' +
      'rotates: they count.',
    'Consumers log in with the name of the organization and the token. Docker Desktop does not take such ' +
      'tokens.',
  ],
  evidence: {
    sources: [
      'docker/docs 0073bb65: content/reference/api/hub/latest.yaml: org-access-tokens, and the login, ' +
        'which takes the name of an organization with its token',
      'docker/docs 0856146d: content/manuals/enterprise/security/access-tokens.md: who may, and the limits',
      'docs.docker.com: Rate limiting of the Docker Hub API',
      'The words of a refused login: answers of hub.docker.com, as users report them; ' +
        'mongodb/kingfisher, issue 202',
    ],
    unconfirmed: [
      'That a token of an organization is refused in the words in which a password is. Other words are ' +
        'unknown, and the list decides.',
      'The words for scopes: the reference has repo-pull, and other pages have others.',
      'Whether the answer to a creation writes resources as they were asked for. Otherwise Keyturn gives ' +
        'each new token up and says so.',
      'Whether Docker takes any time for expires_at. A later one is told and given up.',
      'Whether a disabled token takes a slot, and how one too many is refused.',
      'Which scope the personal access token of an owner needs to manage these tokens.',
      'Whether Docker slows down or locks an organization after logins with a revoked token.',
      'How exact `last_used_at` is, so it is no evidence here.',
      'How long tokens are. Two lengths are published.',
      'How long a new or deleted token takes until it is known everywhere, the registry included.',
    ],
  },
};
