import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE, SECOND } from '../../core/basics/time.ts';

/**
 * Access tokens of a user of a Matrix homeserver, each with a device of its own. Source: element-hq/synapse,
 * docs/admin_api/user_admin_api.md; spec.matrix.org, "Client-Server API"; Synapse 1.163.2, asked.
 */
export const descriptor: ProviderDescriptor = {
  id: 'synapse',
  title: 'Matrix Synapse access tokens',
  rotates:
    'Access tokens of a user of a Synapse that logs users in by password. One that delegates logins ' +
    'to the Matrix Authentication Service is not covered.',
  // Synapse names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'issuer',
  // The name is that of the device. Its id is Synapse's own: a login with the id of a device that there is
  // may end that one's token (matrix-spec, login.yaml), and in Synapse both stand under one handle.
  found: 'name',
  valueField: 'access_token',
  identifies: true,
  // A homeserver may give tokens an end; nobody can ask for one.
  expiry: { settable: false, step: 'none' },
  // A use is written once in two minutes (storage/databases/main/client_ips.py, LAST_SEEN_GRANULARITY), and
  // batches of them every five seconds.
  lastUsedEvery: 3 * MINUTE,
  // One process knows at once. Workers learn of it by replication, for which no time is named.
  lags: { allowed: 10 * SECOND },
  check: 'counts-as-use',
  // A homeserver takes few logins from one address.
  concurrency: 1,
  // handlers/auth.py, generate_access_token.
  pattern: /syt_[A-Za-z0-9+/]+_[A-Za-z]{20}_[0-9A-Za-z]{6,}/,
  docs: 'https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html',
  admin: {
    example: {
      url: 'https://matrix.example.com',
      token: '<access token of a server admin>',
      grants: [{ secret: 'chat/synapse', user: '@reports:example.com', password: '<password of the user>' }],
    },
    leastRights:
      'The access token of a server admin, since Synapse has no smaller right to list and delete devices ' +
      'of others. It may do everything at the homeserver. The password of the very user whose tokens are ' +
      'rotated makes new ones.',
    successor: 'by-hand',
    values: 'chosen',
  },
  manualSteps: [
    'Create a user for each purpose, without the rights of a server admin, and with a password that is ' +
      'used nowhere else.',
    'Create a server admin for Keyturn alone, log in once, and write its access token into token.',
    'Write into url where clients reach the homeserver, which is often not the name in user ids.',
    'Let Keyturn reach /_synapse/admin/v2/users at that address. Many proxies keep all of /_synapse/admin ' +
      'away from the outside.',
    'Leave session_lifetime and nonrefreshable_access_token_lifetime out of the configuration: Keyturn ' +
      'does not take a token whose end no list tells.',
    'Raise rc_login where many tokens rotate: without it, a homeserver takes five logins from an address ' +
      'or of a user, and then one every six minutes.',
    'Do not rotate tokens of a bot that reads encrypted rooms: a new token has a new device, without the ' +
      'keys of the one before.',
    'Say logout_devices: false where you change the password of such a user: otherwise Synapse ends all ' +
      'of its tokens.',
    'Have a client that needs the id of its device ask for it at /_matrix/client/v3/account/whoami.',
    'Leave the name of a device alone that Keyturn made: by it, a token is found whose creation was never ' +
      'answered. Do not log in with its id: both tokens would then end together.',
  ],
  evidence: {
    verified: 'the real program: Synapse 1.163.2, on 2026-11-30',
    sources: [
      'Synapse 1.163.2, asked: statuses and words of login, devices, deletion and refusals',
      'element-hq/synapse 1.163.2: rest/client/login.py, rest/client/account.py, rest/admin/devices.py, ' +
        'rest/admin/users.py, handlers/device.py, api/auth/internal.py, api/errors.py, ' +
        'config/ratelimiting.py',
      'element-hq/synapse 0033d194: docs/admin_api/user_admin_api.md',
      'matrix-org/matrix-spec 010a6b05: data/api/client-server/login.yaml, whoami.yaml',
    ],
    unconfirmed: [
      'How long workers take to know of a new or deleted token.',
      'Whether other homeservers with the admin API of Synapse refuse in the same words. Where they do ' +
        'not, a refusal is unknown.',
      'A list does not tell when a token was made, nor whether it has an end.',
      'A token that an admin made for the user has no device: no list shows it, and Keyturn cannot ' +
        'revoke it.',
    ],
  },
};
