import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Secrets of an organization's service account. Source: mongodb.com/docs/atlas, Service Accounts. */
export const descriptor: ProviderDescriptor = {
  id: 'mongodb-atlas',
  title: 'MongoDB Atlas service account secrets',
  rotates: 'Client secrets of service accounts of an organization, for the Atlas Administration API.',
  // "At most two secrets, and expired secrets are not deleted automatically" (guide of the Terraform
  // provider, "The 7-day overlap limit").
  slots: { count: 2, of: ['service-account'], filledBy: ['expired'] },
  value: 'issuer',
  // A secret has no name.
  found: 'exclusive',
  valueField: 'client_secret',
  companions: ['client_id'],
  // By the masked value in the list, where that shows enough of it, and by asking with it.
  identifies: true,
  // Whole hours, 8 at least and 365 days at most; an organization may allow less.
  expiry: { settable: true, step: 'second', given: 'duration', maxDays: 365 },
  // `lastUsedAt` is there. How late it may be stands nowhere, so it is no evidence.
  // Atlas names neither delay.
  lags: { allowed: MINUTE },
  // A check is a login with the secret, which Atlas may tell as its last use.
  check: 'counts-as-use',
  // Two creations at once fail with DATA_CONCURRENCY_ERROR (the same guide).
  concurrency: 1,
  pattern: /mdb_sa_sk_[\w-]{20,128}/,
  hosts: ['cloud.mongodb.com'],
  docs: 'https://www.mongodb.com/docs/atlas/tutorial/rotate-service-account-secrets/',
  admin: {
    example: {
      url: 'https://cloud.mongodb.com',
      clientId: 'mdb_sa_id_0123456789abcdef01234567',
      clientSecret: '<client secret of the service account for Keyturn>',
      grants: [
        {
          secret: 'data/atlas',
          organization: '5f1a2b3c4d5e6f7a8b9c0d1e',
          serviceAccount: 'mdb_sa_id_89abcdef0123456789abcdef',
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'A service account of its own, in the same organization, with the role Organization Owner. It makes ' +
      'and deletes secrets of other service accounts.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a service account for each purpose, with the roles that it needs, and grant it to one secret ' +
      'alone.',
    'Begin without a value: delete the secret that Atlas made with it, and leave the secret in AWS empty. ' +
      'The first rotation fills it.',
    'A value that is in use can stay where the masked value in the list of Atlas shows its first or last ' +
      'characters.',
    'Where it does not, Keyturn makes nothing and says that the account is shared. Then create a second ' +
      'service account, and let consumers move to it.',
    'Let Keyturn alone make its secrets: a service account holds two at most, and expired ones count.',
    'Plan with 7 days: once Atlas has made a second secret, the old one ends within 7 days, whatever its ' +
      'own date was.',
    'Keep minGrace, maxGrace and the cacheTtl of consumers below 7 days. Atlas cuts a longer grace period ' +
      'off: Keyturn reads the new end from the list and warns before it.',
    'The 7 days also begin where a rotation fails after its creation. Keyturn reads the new end of the ' +
      'current secret from the list, and rotates again before it.',
    'Roll back within those 7 days, if at all: after them Atlas refuses the old secret.',
    'Name 365 days at most in maxDays, and no more than your organization allows. Atlas refuses lives of ' +
      'less than 8 hours.',
    'Atlas counts lives in whole hours: a new secret may end up to an hour before the date that was asked ' +
      'for.',
    'Consumers need client_id too, which Keyturn writes beside the secret: it stays the same.',
    'Where your organization requires an IP access list for its API, add the addresses that Keyturn calls ' +
      'from to the service account for Keyturn.',
    'A service account may hold 100 access tokens, each for an hour, and each look of Keyturn takes one. ' +
      'Use one service account for Keyturn for at most 25 secrets.',
    'The secret of the service account for Keyturn ends as well: a person replaces it before.',
  ],
  evidence: {
    verified:
      "the vendor's specification: mongodb/atlas-sdk-go 68a9d51c, openapi/atlas-api-transformed.yaml, on " +
      '2026-11-29; the login, and the answer about a secret, are in the documentation alone',
    sources: [
      'mongodb/atlas-sdk-go 68a9d51c: openapi/atlas-api-transformed.yaml, version 2024-08-05',
      'mongodb/docs 51ecfb6c: content/atlas/source/api/service-accounts/generate-oauth2-token.txt',
      'mongodb/docs 74ca6622: includes/api/api-headers/service-accounts/401-invalid-client.rst, the refusal',
      'mongodb/docs 1aa0497d: tutorial/rotate-service-account-secrets.txt, 8 hours to 365 days',
      'mongodb/terraform-provider-mongodbatlas 08da9dfc: docs/guides/service-account-secret-rotation.md',
      'mongodb.com/docs/mcp-server/remote-mcp/rate-limits: 100 access tokens, and how one more is refused',
      'mongodb.com/docs/atlas/api/api-rate-limit: 429 with Retry-After',
    ],
    unconfirmed: [
      'How long a new secret is refused and a deleted one accepted. Access tokens end with the secret that ' +
        'they were made with.',
      'How late the last use may be that the list tells, so it is no evidence here.',
      'The form of the masked value in the list. One that shows fewer than four characters identifies ' +
        'nothing, so a value that a person stored stops the first rotation.',
      'An unknown service account is refused in the same words as a wrong secret. A list that shows the ' +
        'secret contradicts that.',
      'Whether the list shows the field secrets where there are none: without it there are none.',
      'How Atlas refuses a third secret, and a life that the organization does not allow.',
      'How long a client secret is, and that it begins with mdb_sa_sk_, is from published examples.',
      'Whether a lesser role than Organization Owner may manage the secrets of such service accounts.',
    ],
  },
};
