import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { SECOND } from '../../core/basics/time.ts';

/**
 * The API token of an organization: one at any time. Source: developer.hashicorp.com, "Organization token
 * API".
 */
export const descriptor: ProviderDescriptor = {
  id: 'hcp-terraform-org',
  title: 'HCP Terraform organization tokens',
  rotates: 'The API token of an organization, in HCP Terraform or Terraform Enterprise.',
  // "Generates a new organization API token, replacing any existing token."
  slots: { names: ['organization token'], of: ['organization'] },
  value: 'issuer',
  found: 'reissue',
  valueField: 'token',
  // A token may ask about the token of its own organization alone.
  identifies: true,
  // `expired-at` is there; what creates one here asks for no end, so that the issuer's own counts.
  expiry: { settable: false, step: 'none' },
  // HashiCorp names neither delay.
  lags: { allowed: 10 * SECOND },
  // `last-used-at` may tell a check.
  check: 'counts-as-use',
  concurrency: 1,
  pattern: /[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}/,
  hosts: ['app.terraform.io', 'app.eu.terraform.io'],
  docs: 'https://developer.hashicorp.com/terraform/cloud-docs/api-docs/organization-tokens',
  admin: {
    example: {
      url: 'https://app.terraform.io',
      token: '<token of the team owners>',
      grants: [{ secret: 'infra/terraform-organization', organization: 'acme' }],
    },
    leastRights:
      'A token of the team owners of the organization, or of one of its members: nobody else may create ' +
      'the token of the organization.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Prefer tokens of teams, which this issuer rotates with overlap: use `hcp-terraform`.',
    'Store the token that the organization has now in the secret before its first rotation: Keyturn ends ' +
      'no value that it does not know.',
    'Grant an organization to one secret alone: it has one token.',
    'Where its end is not set, HashiCorp gives a token two years. Keyturn reads the end from the answer.',
  ],
  evidence: {
    verified: "the vendor's specification: hashicorp/go-tfe 0fa6b099, v2/openapi/spec.json, on 2026-11-29",
    sources: [
      'hashicorp/go-tfe 0fa6b099: v2/openapi/spec.json',
      'developer.hashicorp.com, Terraform Enterprise: Organization Token API, who may ask',
      'hashicorp/terraform: internal/command/login_test.go, the answer to a wrong token',
    ],
    unconfirmed: [
      'A member of the team owners may ask the same: a token of one is taken for that of the organization.',
      'A token of another organization is answered 404, as is one without rights: both are unknown.',
      'How long the replaced token is still accepted.',
    ],
  },
};
