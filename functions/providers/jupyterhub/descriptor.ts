import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { SECOND } from '../../core/basics/time.ts';

/**
 * API tokens of a user of a JupyterHub 5 or later: since then the hub says which token a value is. Source:
 * jupyterhub.readthedocs.io, "JupyterHub REST API"; JupyterHub 5.4.3, asked.
 */
export const descriptor: ProviderDescriptor = {
  id: 'jupyterhub',
  title: 'JupyterHub API tokens',
  rotates: 'API tokens of a user of a JupyterHub 5 or later.',
  // The hub names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  identifies: true,
  // `expires_in` in whole seconds; 0 is for ever, and is never asked for. A hub may set a lower limit
  // (token_expires_in_max_seconds).
  expiry: { settable: true, step: 'second', given: 'duration' },
  // `JupyterHub.activity_resolution`: 30 seconds unless set otherwise.
  lastUsedEvery: 30 * SECOND,
  // A token is a row in the hub's own database, which it reads at each request.
  lags: { accepted: 0, listed: 0, refused: 0 },
  check: 'counts-as-use',
  concurrency: 2,
  docs: 'https://jupyterhub.readthedocs.io/en/stable/reference/rest-api.html',
  admin: {
    example: {
      url: 'https://hub.example.com',
      token: '<API token of a service>',
      grants: [
        { secret: 'reports/jupyterhub', user: 'reports', scopes: ['access:servers!user'], maxDays: 60 },
      ],
    },
    leastRights:
      'The API token of a service of the hub. Its role has the scope `tokens!user=<name>` for each ' +
      'user in the grants, and no other scope.',
    successor: 'by-hand',
    values: 'issued',
  },
  evidence: {
    verified: 'the real program: JupyterHub 5.4.3, on 2026-11-29',
    sources: [
      'JupyterHub 5.4.3, asked, with configurable-http-proxy 5.3.0 and SQLite',
      'jupyterhub/jupyterhub 5.4.3: apihandlers/users.py, app.py (activity_resolution)',
    ],
    unconfirmed: [
      'Whether a hub with several processes or another database refuses a deleted token as soon.',
      'A new token may do what the hub writes out for its scopes. Keyturn sees that every scope of the ' +
        'grant is there, and not that no more is.',
    ],
  },
  manualSteps: [
    'Create a user for each token, or take the one whose servers the token is for. Its roles have to ' +
      'hold the scopes in the grant.',
    'Add a service to the configuration of the hub, with an API token of its own and a role as above.',
  ],
};
