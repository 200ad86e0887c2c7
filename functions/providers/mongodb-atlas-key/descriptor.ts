import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Programmatic API keys of an organization. Source: mongodb.com/docs, Atlas Administration API. */
export const descriptor: ProviderDescriptor = {
  id: 'mongodb-atlas-key',
  title: 'MongoDB Atlas API keys',
  rotates:
    'Programmatic API keys of an organization, with roles of that organization. Service accounts are the ' +
    'issuer mongodb-atlas.',
  slots: { count: 'unknown', of: ['organization'] },
  value: 'issuer',
  found: 'name',
  valueField: 'api_key',
  // By the public key, which the list shows, and by asking with both.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // There is no last use of a key. Atlas names neither delay.
  lags: { allowed: MINUTE },
  // In which words a dead key is refused is not documented.
  check: 'accepted-only',
  concurrency: 1,
  // A pair. Examples of private keys have two or three groups of four.
  pattern: /[a-z]{8}:[0-9a-f]{8}(-[0-9a-f]{4}){2,3}-[0-9a-f]{12}/,
  hosts: ['cloud.mongodb.com'],
  docs: 'https://www.mongodb.com/docs/atlas/configure-api-access/',
  admin: {
    example: {
      url: 'https://cloud.mongodb.com',
      clientId: 'mdb_sa_id_0123456789abcdef01234567',
      clientSecret: '<client secret of the service account for Keyturn>',
      grants: [
        { secret: 'data/atlas-api', organization: '5f1a2b3c4d5e6f7a8b9c0d1e', roles: ['ORG_READ_ONLY'] },
      ],
    },
    leastRights:
      'A service account of its own, in the same organization, with the role Organization Owner. It makes ' +
      'and deletes API keys.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Let consumers read both halves: the value is the public key, a colon and the private key. curl takes ' +
      'it so with --digest --user.',
    'The public key changes with each rotation. Whatever knows it by itself has to learn the new one.',
    'A new key has the roles of the grant alone. Keyturn assigns it to no project: a key that needs a role ' +
      'in a project does not fit.',
    'A new key has no IP access list of its own. Keyturn does not fit organizations that require one ' +
      'for their API.',
    'A service account may hold 100 access tokens, each for an hour, and each look of Keyturn takes one.',
    'The secret of the service account for Keyturn ends: a person replaces it before.',
  ],
  evidence: {
    verified:
      "the vendor's specification: mongodb/atlas-sdk-go 68a9d51c, openapi/atlas-api-transformed.yaml, on " +
      '2026-11-30; the login, the challenge, and the answer about a key, are in the documentation alone',
    sources: [
      'mongodb/atlas-sdk-go 68a9d51c: openapi/atlas-api-transformed.yaml, version 2023-01-01',
      'mongodb.com/docs, Atlas Administration API: Return the Status of This MongoDB Application',
      'mongodb.com/docs/atlas, API of version 1.0: answers to curl --digest, with the challenge',
      'mongodb/docs 51ecfb6c: content/atlas/source/api/service-accounts/generate-oauth2-token.txt',
      'mongodb/docs 74ca6622: includes/api/api-headers/service-accounts/401-invalid-client.rst, the refusal',
      'mongodb.com/docs/mcp-server/remote-mcp/rate-limits: 100 access tokens',
      'RFC 7616: HTTP Digest',
    ],
    unconfirmed: [
      'In which words a dead key is refused, after a challenge was answered: so no refusal counts.',
      'That the challenge offers qop. Pages of version 1.0 write op, recordings of users qop. Without it ' +
        'Keyturn knows of no value whether it is good.',
      'That the answer about a key names the organization of its roles. Where it does not, the key counts ' +
        'as unknown.',
      'That public keys are eight letters and private keys hexadecimal groups: so are published examples.',
      'Whether Atlas gives a new key more roles than were asked for. Then Keyturn gives it up and says so.',
      'How a key without an access list is refused where the organization requires one.',
      'How many keys an organization may have: Keyturn counts on five.',
      'Whether a lesser role than Organization Owner may manage API keys.',
      'How long a new key is refused and a deleted one accepted.',
    ],
  },
};
