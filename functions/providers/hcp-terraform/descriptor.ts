import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { SECOND } from '../../core/basics/time.ts';

/**
 * Tokens of a team: a team has many, each with a description of its own. Source: developer.hashicorp.com,
 * "Team tokens API".
 */
export const descriptor: ProviderDescriptor = {
  id: 'hcp-terraform',
  title: 'HCP Terraform team tokens',
  rotates: 'Tokens of a team of an organization, in HCP Terraform or Terraform Enterprise.',
  // HashiCorp names no limit.
  slots: { count: 'many', of: ['team'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // A token says that it is a team's, and not which one it is.
  identifies: false,
  // None is two years; an organization may set a limit for its teams.
  expiry: { settable: true, step: 'second', maxDays: 730 },
  // `last-used-at` is there, and how exact it is stands nowhere.
  // HashiCorp names neither delay.
  lags: { allowed: 10 * SECOND },
  check: 'counts-as-use',
  concurrency: 2,
  pattern: /[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}/,
  hosts: ['app.terraform.io', 'app.eu.terraform.io'],
  docs: 'https://developer.hashicorp.com/terraform/cloud-docs/api-docs/team-tokens',
  admin: {
    example: {
      url: 'https://app.terraform.io',
      token: '<token of a user or of the team owners>',
      grants: [
        { secret: 'infra/terraform', organization: 'acme', team: 'team-6p5jTwJQXwqZBncC', maxDays: 60 },
      ],
    },
    leastRights:
      'A token of a user, or of a team, that may manage teams of the organization. A token of a team ' +
      'may do what the team may.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a team for each purpose, with access to no more than the token is for.',
    "Leave the team's older single token alone: creating it again revokes the one before. Keyturn " +
      'never does that.',
  ],
  evidence: {
    verified:
      "the vendor's specification: hashicorp/go-tfe 0fa6b099, v2/openapi/spec.json, on 2026-11-29; " +
      'creation of one token of many is in the documentation alone',
    sources: [
      'hashicorp/go-tfe 0fa6b099: v2/openapi/spec.json',
      'hashicorp/web-unified-docs: cloud-docs/api-docs/team-tokens.mdx',
      'hashicorp/terraform: internal/command/login_test.go, the answer to a wrong token',
    ],
    unconfirmed: [
      'Whose team a value is: the answer about a token names a service account.',
      'How exact `last-used-at` is, so it is no evidence here.',
    ],
  },
};
