import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE, SECOND } from '../../core/basics/time.ts';

/** Tokens of a service account. Source: grafana.com, "Service account HTTP API". */
export const descriptor: ProviderDescriptor = {
  id: 'grafana',
  title: 'Grafana service account tokens',
  rotates: 'Tokens of a service account, self-managed or in Grafana Cloud.',
  // Grafana names no limit.
  slots: { count: 'many', of: ['service-account'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // A token says which service account it is of, and not which of its tokens.
  identifies: false,
  // `secondsToLive`; 0 is for ever, and is never asked for. An instance may set a limit
  // (token_expiration_day_limit).
  expiry: { settable: true, step: 'second', given: 'duration' },
  // Written at each use, a moment later: a minute leaves room for that.
  lastUsedEvery: MINUTE,
  // Grafana names neither delay: a token is a row in its database.
  lags: { allowed: 10 * SECOND },
  check: 'counts-as-use',
  concurrency: 2,
  pattern: /glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}/,
  hosts: ['*.grafana.net'],
  docs: 'https://grafana.com/docs/grafana/latest/developers/http_api/serviceaccount/',
  admin: {
    example: {
      url: 'https://acme.grafana.net',
      token: '<token of a service account for Keyturn>',
      grants: [{ secret: 'reports/grafana', serviceAccount: 12, maxDays: 60 }],
    },
    leastRights:
      'A token of a service account with the permissions `serviceaccounts:read` and ' +
      '`serviceaccounts:write`, on the service accounts in the grants alone.',
    successor: 'minted',
    values: 'issued',
  },
  manualSteps: [
    'Create a service account for each purpose, and give it the role that the token needs: a token has ' +
      'no rights of its own.',
    'Create a service account for Keyturn with the permissions above, and a token of it.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: grafana/grafana-openapi-client-go 6029e6c6, " +
      'on 2026-11-29',
    sources: [
      'grafana/grafana-openapi-client-go 6029e6c6: client/service_accounts, models',
      'grafana/grafana 04725f2c: pkg/services/authn/clients/api_key.go',
    ],
    unconfirmed: [
      'That `GET /api/user` answers a token with the id of its service account, as its users are.',
      'How long a new or revoked token takes until every instance knows it.',
    ],
  },
};
