import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { SECOND } from '../../core/basics/time.ts';

/**
 * API keys of a user of Elasticsearch. Source: elastic.co, "Create an API key";
 * elastic/elasticsearch-specification.
 */
export const descriptor: ProviderDescriptor = {
  id: 'elasticsearch',
  title: 'Elasticsearch API keys',
  rotates: 'API keys of a user of an Elasticsearch cluster.',
  // Elastic names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'issuer',
  found: 'name',
  // The text that consumers send, which holds id and key.
  valueField: 'api_key',
  identifies: true,
  // `expiration`, as a length.
  expiry: { settable: true, step: 'second', given: 'duration' },
  // When a key was last used is told nowhere.
  // Elastic names neither delay; a revocation clears the caches of all nodes.
  lags: { allowed: 10 * SECOND },
  check: 'free',
  concurrency: 2,
  docs: 'https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-create-api-key',
  admin: {
    example: {
      url: 'https://search.acme.internal:9200',
      grants: [
        {
          secret: 'shop/elasticsearch',
          user: 'shop-keys',
          password: '<password of the user>',
          roles: { search: { indices: [{ names: ['products-*'], privileges: ['read'] }] } },
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'A user for each purpose, whose role has the cluster privilege manage_own_api_key and what its ' +
      'keys may do. A key may do what both its grant and its user allow.',
    successor: 'by-hand',
    values: 'chosen',
  },
  manualSteps: [
    'Create the users in the native realm: Elasticsearch takes no API key in their place, since a key ' +
      'that a key makes has no rights.',
    'Store the encoded form of a key, which consumers send after `ApiKey `, and not its two parts.',
    'Leave Elastic Cloud Serverless out: it has no such users.',
  ],
  evidence: {
    verified:
      "the vendor's specification: elastic/elasticsearch-specification 9d9b9a52, " +
      'elasticsearch-serverless-openapi.json, on 2026-11-29',
    sources: [
      'elastic/elasticsearch-specification 9d9b9a52: output/openapi/elasticsearch-serverless-openapi.json',
      'elastic/elasticsearch: x-pack/plugin/security, ApiKeyService.java, Authenticator.java, and ' +
        'x-pack/plugin/core, DefaultAuthenticationFailureHandler.java, the words of refusals',
      'Answers of Elasticsearch 8 and 9.5 to keys that it does not know, as users report them',
    ],
    unconfirmed: [
      'How long a new or revoked key takes until every node knows it.',
      'The answer to a text that is no key at all, in versions since 8.',
      'In which form role descriptors come back where a grant has more than privileges on clusters and ' +
        'indices, so a grant takes these alone.',
    ],
  },
};
