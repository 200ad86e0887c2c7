import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Access tokens of a user of the JFrog Platform, in the cloud or self-hosted. Source: jfrog.com, "JFrog REST
 * APIs", Access Tokens, and "JFrog Platform Administration", Access Tokens.
 */
export const descriptor: ProviderDescriptor = {
  id: 'jfrog',
  title: 'JFrog Platform access tokens',
  rotates:
    'Access tokens of a user of a JFrog Platform (Artifactory 7.53.1 or later), in the cloud or ' +
    'self-hosted. Reference tokens and API keys are not made.',
  // JFrog names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'issuer',
  found: 'name',
  valueField: 'access_token',
  // A token that is asked with is answered with its id.
  identifies: true,
  // `expires_in`; without it the default of the platform counts, a year unless an administrator chose
  // another.
  expiry: { settable: true, step: 'second', given: 'duration' },
  // `last_used` is there only where an administrator turned it on, and may be two hours behind.
  // A revoked token was taken for some minutes by an Artifactory 6; JFrog names neither delay.
  lags: { allowed: 5 * MINUTE },
  check: 'counts-as-use',
  concurrency: 1,
  hosts: ['*.jfrog.io'],
  docs: 'https://jfrog.com/help/r/jfrog-rest-apis/access-tokens',
  admin: {
    example: {
      url: 'https://acme.jfrog.io',
      token: '<access token of an administrator for Keyturn>',
      grants: [
        {
          secret: 'ci/jfrog',
          user: 'ci-builder',
          scopes: ['applied-permissions/groups:readers'],
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'An access token with the scope applied-permissions/admin: it alone makes tokens of other users, ' +
      'and with scopes of groups. Where all grants are of one user, with applied-permissions/user ' +
      'alone, a token of that user is enough.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Let url be the address of the platform, without /artifactory.',
    'Create a user for each purpose, and write its name in small letters: JFrog keeps it so. Use ' +
      'another user for the admin token.',
    'Give the admin token no expiry, or replace it before. JFrog cannot revoke one that lives less ' +
      'than six hours.',
    'Keyturn asks for no life under six hours. By default JFrog can revoke no token below six hours, ' +
      'and keeps none below three.',
    'Leave the life that an administrator allows (token.max-expiry) as long as maxDays.',
    'Tokens that Keyturn makes are always marked as revocable. So they do not work in a circle of ' +
      'trust without Access Federation.',
  ],
  evidence: {
    verified:
      "the vendor's specification of a creation, as its library has it: jfrog/jfrog-client-go 0f2168d0, on " +
      '2026-11-29; list, revocation and check are in the documentation alone',
    sources: [
      'jfrog.com, JFrog REST APIs: Create Token, Get Tokens, Get Token by ID, Revoke Token by ID',
      'jfrog.com, JFrog Platform Administration: Generate Expirable Tokens, Use the Revocable and ' +
        'Persistency Thresholds, View and Revoke Tokens',
      'jfrog/vault-plugin-secrets-artifactory fff6434b: README.md and artifactory.go, the mark of a ' +
        'revocable token, and the refusal of an expired one by /access/api/v1/tokens/me',
      'jfrog/terraform-provider-artifactory 1616e9f6: resource_artifactory_scoped_token.go, the ' +
        'limits of names, scopes and descriptions',
      'jfrog/terraform-provider-platform, issues 44 and 160: the form of refusals, and that of a ' +
        'value that is no token',
    ],
    unconfirmed: [
      'The words of a refused revoked token: Artifactory says `Token failed verification: revoked`, ' +
        'and the same reason is expected after `Invalid token`. Another answer is unknown here.',
      'That each newer version marks a revocable token in the same way. Where it does not, Keyturn ' +
        'gives each new token up and says so.',
      'That a token with scopes of groups, roles or artifacts may ask for itself. Where it may not, ' +
        'Keyturn gives each new token up.',
      'That a list is whole: JFrog documents no pages for it.',
      'That JFrog writes back the scopes as they were asked for.',
      'How long a new or revoked token takes until it is known everywhere.',
      'What sets tokens apart from other JWTs.',
    ],
  },
};
